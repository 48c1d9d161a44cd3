// Pages about draws: verifying a published one, making and opening a party's commitment.
import "../elements/draw-verifier";
import "../elements/draw-commitment";
