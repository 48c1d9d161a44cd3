// The page that works without network.
import "../phone/desk";
