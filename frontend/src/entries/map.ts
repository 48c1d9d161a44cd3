// The district's map. MapLibre is large, so only the page of the map loads it.
import "../elements/district-map";
