// What the duty room and the pages of its devices run, beside what every page runs.
import "../elements/live-time";
import "../elements/live-feed";
import "../elements/alarm-sound";
import "../elements/duty-room";
import "../elements/plan-point";
