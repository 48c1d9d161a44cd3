// The build whose worker is a file of our own instead of a blob, so that the policy of scripts stays as strict as it is.
declare module "maplibre-gl/dist/maplibre-gl-csp" {
  import maplibregl from "maplibre-gl";
  export default maplibregl;
}
