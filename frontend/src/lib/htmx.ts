import htmx from "htmx.org";

// The page's content security policy allows neither eval nor inline styles, and snapshots of office pages must not stay
// in the browser's storage: going back asks the server again.
Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  scrollBehavior: "auto",
  defaultSettleDelay: 0,
  attributesToSettle: ["class", "width", "height"],
});

export default htmx;
