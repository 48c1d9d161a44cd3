/**
 * `<district-map data-points data-boundary data-detail data-worker>`: the district's points and its boundary over a
 * background of our own, with no tile server. `data-tiles` and `data-labels` lay 天地图 underneath where it is configured;
 * where it does not answer, a line says so and everything else stays. Where there is no WebGL, or the points can't be
 * fetched, the element says that instead; the table below it holds the same.
 */
import maplibregl from "maplibre-gl/dist/maplibre-gl-csp";
import type { ExpressionSpecification, GeoJSONSource, Map as LibreMap, StyleSpecification } from "maplibre-gl";
import type { Feature, FeatureCollection, MultiLineString, MultiPolygon, Point } from "geojson";
import { make, word } from "../lib/dom";
import { cluster, pixelRatio, sign } from "../map/signs";

type Points = FeatureCollection<Point, { kind: string; id: number; name: string; address: string }>;

const signs: [string, string, string][] = [
  ["enterprise", "circle", "--risk-low"],
  ["building", "square", "--waiting"],
  ["complex", "diamond", "--risk-larger"],
  ["site", "triangle", "--risk-general"],
  ["key-unit", "cross", "--cinnabar"],
];

type Boundary = FeatureCollection<MultiPolygon, { name: string }>;
type Box = [number, number, number, number];

const rasters = ["tiles", "labels"];
/** How long a tile server may keep silent before the reader is told, and how often the picture is counted. */
const patience = 5_000;
const countEvery = 200;

class DistrictMap extends HTMLElement {
  private map: LibreMap | null = null;
  private points: Points = { type: "FeatureCollection", features: [] };
  private boundary: Boundary = { type: "FeatureCollection", features: [] };
  private counting = 0;
  private waiting = 0;
  private readonly leaving = new AbortController();

  connectedCallback(): void {
    void this.open();
  }

  disconnectedCallback(): void {
    this.leaving.abort();
    clearTimeout(this.counting);
    clearTimeout(this.waiting);
    this.map?.remove();
    this.map = null;
  }

  private async open(): Promise<void> {
    if (!hasWebGL()) {
      this.say("noWebgl");
      return;
    }
    try {
      const line = word(this, "boundary");
      const [points, boundary] = await Promise.all([
        this.fetched<Points>(word(this, "points")),
        line === "" ? this.boundary : this.fetched<Boundary>(line),
      ]);
      this.points = points;
      this.boundary = boundary;
      this.draw();
    } catch {
      if (!this.leaving.signal.aborted) this.say("failed");
    }
  }

  private async fetched<Told>(address: string): Promise<Told> {
    const answer = await fetch(address, { credentials: "same-origin", signal: this.leaving.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()) as Told;
  }

  private say(key: string): void {
    this.dataset["state"] = "unavailable";
    this.replaceChildren(make("p", { className: "map-note", textContent: word(this, key) }));
  }

  private colour(name: string): string {
    return getComputedStyle(this).getPropertyValue(name).trim();
  }

  private drawing(): StyleSpecification {
    const style: StyleSpecification = {
      version: 8,
      sources: {
        grid: { type: "geojson", data: gridAround(this.bounds()) },
        boundary: { type: "geojson", data: this.boundary },
        points: { type: "geojson", data: this.points, cluster: true, clusterRadius: 42, clusterMaxZoom: 15 },
      },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": this.colour("--sunken") } },
        { id: "grid", type: "line", source: "grid", paint: { "line-color": this.colour("--hairline"), "line-width": 1 } },
      ],
    };
    for (const name of rasters) {
      if (word(this, name) === "") continue;
      const maxzoom = Number(word(this, "deepest"));
      style.sources[name] = { type: "raster", tiles: [word(this, name)], tileSize: 256, maxzoom, attribution: "天地图" };
      style.layers.push({ id: name, type: "raster", source: name });
    }
    const shape = signs.flatMap(([kind]) => [kind, `sign-${kind}`]);
    style.layers.push(
      { id: "inside", type: "fill", source: "boundary", paint: { "fill-color": this.colour("--brand"), "fill-opacity": 0.05 } },
      {
        id: "boundary", type: "line", source: "boundary",
        paint: { "line-color": this.colour("--brand"), "line-width": 2, "line-dasharray": [3, 2] },
      },
      {
        id: "clusters", type: "symbol", source: "points", filter: ["has", "point_count"],
        layout: { "icon-image": ["concat", "cluster-", ["to-string", ["get", "point_count_abbreviated"]]], "icon-allow-overlap": true },
      },
      {
        id: "places", type: "symbol", source: "points", filter: ["!", ["has", "point_count"]],
        layout: {
          "icon-image": ["match", ["get", "kind"], ...shape, "sign-enterprise"] as unknown as ExpressionSpecification,
          "icon-allow-overlap": true,
        },
      },
    );
    return style;
  }

  private bounds(): Box {
    const corners = this.boundary.features.flatMap((feature) => feature.geometry.coordinates.flat(2));
    const found = [...corners, ...this.points.features.map((feature) => feature.geometry.coordinates)];
    if (found.length === 0) return [103, 26, 110, 34];
    const edge: Box = [180, 90, -180, -90];
    for (const [x = 0, y = 0] of found) {
      edge[0] = Math.min(edge[0], x);
      edge[1] = Math.min(edge[1], y);
      edge[2] = Math.max(edge[2], x);
      edge[3] = Math.max(edge[3], y);
    }
    return edge;
  }

  private draw(): void {
    maplibregl.setWorkerUrl(new URL(word(this, "worker"), location.href).href);
    const place = make("div", { className: "map-place" });
    this.replaceChildren(place);
    const map = new maplibregl.Map({
      container: place,
      style: this.drawing(),
      bounds: this.bounds(),
      fitBoundsOptions: { padding: 48, maxZoom: 15 },
      maxZoom: 19,
      attributionControl: word(this, "tiles") === "" ? false : { compact: true },
      dragRotate: false,
      pitchWithRotate: false,
      locale: {
        "NavigationControl.ZoomIn": word(this, "zoomIn"),
        "NavigationControl.ZoomOut": word(this, "zoomOut"),
        "Map.Title": word(this, "label"),
        "Popup.Close": word(this, "close"),
      },
    });
    this.map = map;
    map.touchZoomRotate.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-left");
    map.on("styleimagemissing", (event) => this.drawSign(map, event.id));
    map.on("click", "places", (event) => this.tell(map, event.features?.[0]?.properties, event.lngLat));
    map.on("click", "clusters", (event) => void this.widen(map, event.features?.[0]));
    for (const layer of ["places", "clusters"]) {
      map.on("mouseenter", layer, () => map.getCanvas().classList.add("pointing"));
      map.on("mouseleave", layer, () => map.getCanvas().classList.remove("pointing"));
    }
    // Never "idle" alone: a tile server that keeps silent keeps the map from ever being idle.
    for (const moment of ["render", "idle"]) map.on(moment, () => this.countSoon(map));
    map.on("error", (event) => this.fault(event));
    if (word(this, "tiles") !== "") this.watch(map);
    this.listen(map);
  }

  /** A tile that can't be had is told to the reader; any other fault stands in the console as it would by itself. */
  private fault(event: maplibregl.ErrorEvent & { sourceId?: string }): void {
    if (event.sourceId !== undefined && rasters.includes(event.sourceId)) this.tellOfTiles(true);
    else console.error(event.error);
  }

  private watch(map: LibreMap): void {
    this.waiting = window.setTimeout(() => this.tellOfTiles(true), patience);
    map.on("sourcedata", (event) => {
      if (event.sourceId !== "tiles" || event.tile === undefined || event.tile.state !== "loaded") return;
      clearTimeout(this.waiting);
      this.tellOfTiles(false);
    });
  }

  private tellOfTiles(missing: boolean): void {
    const told = this.querySelector(".map-tiles-note");
    this.dataset["tilesState"] = missing ? "missing" : "there";
    if (!missing) told?.remove();
    else if (told === null) {
      this.append(make("p", { className: "map-tiles-note", role: "status", textContent: word(this, "noTiles") }));
    }
  }

  /** Count a little later, once however much is drawn in between. */
  private countSoon(map: LibreMap): void {
    if (this.counting !== 0) return;
    this.counting = window.setTimeout(() => {
      this.counting = 0;
      if (this.map === null || map.getSource("points") === undefined || !map.isSourceLoaded("points")) return;
      this.count(map);
      this.dataset["state"] = "ready";
    }, countEvery);
  }

  /** How many signs stand on the picture: what a test, or somebody who looks at the page's source, can see of it. */
  private count(map: LibreMap): void {
    this.dataset["drawn"] = String(map.queryRenderedFeatures({ layers: ["places", "clusters"] }).length);
  }

  private drawSign(map: LibreMap, id: string): void {
    if (map.hasImage(id)) return;
    const edge = this.colour("--panel");
    const known = signs.find(([kind]) => id === `sign-${kind}`);
    const image = known
      ? sign(known[1], this.colour(known[2]), edge)
      : cluster(id.replace("cluster-", ""), this.colour("--brand"), this.colour("--on-brand"), edge);
    map.addImage(id, image, { pixelRatio });
  }

  private tell(map: LibreMap, properties: Record<string, unknown> | null | undefined, at: maplibregl.LngLat): void {
    if (!properties) return;
    const address = word(this, "detail").replace("KIND", String(properties["kind"])).replace("/0/", `/${String(properties["id"])}/`);
    const kind = wordOf(String(properties["kind"]));
    const body = make(
      "div", { className: "map-popup" },
      make("a", { href: address, textContent: String(properties["name"]) }),
      make("p", { textContent: [kind, String(properties["address"])].filter(Boolean).join(" · ") }),
    );
    new maplibregl.Popup({ maxWidth: "280px" }).setLngLat(at).setDOMContent(body).addTo(map);
  }

  private async widen(map: LibreMap, feature: maplibregl.MapGeoJSONFeature | undefined): Promise<void> {
    const source = map.getSource("points") as GeoJSONSource | undefined;
    if (!feature || !source) return;
    const zoom = await source.getClusterExpansionZoom(Number(feature.properties["cluster_id"]));
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const center = (feature.geometry as Point).coordinates as [number, number];
    map.easeTo({ center, zoom, duration: calm ? 0 : 150 });
  }

  /** The legend's boxes choose the kinds at once; without script the same form asks the server. */
  private listen(map: LibreMap): void {
    const form = document.querySelector<HTMLFormElement>("form[data-map-filter]");
    form?.addEventListener(
      "change",
      () => {
        const chosen = new Set(new FormData(form).getAll("kind").map(String));
        const features = this.points.features.filter((feature) => chosen.has(feature.properties.kind));
        (map.getSource("points") as GeoJSONSource | undefined)?.setData({ ...this.points, features });
        for (const row of document.querySelectorAll<HTMLElement>("tr[data-kind]")) {
          row.hidden = !chosen.has(row.dataset["kind"] ?? "");
        }
      },
      { signal: this.leaving.signal },
    );
  }
}

/** What the legend calls a kind. */
function wordOf(kind: string): string {
  return document.querySelector<HTMLElement>(`[data-kind-word="${CSS.escape(kind)}"]`)?.dataset["word"] ?? "";
}

function hasWebGL(): boolean {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  return context !== null;
}

/** A line every hundredth of a degree, about a kilometre, so that the ground has a measure. */
function gridAround([west, south, east, north]: Box): Feature<MultiLineString> {
  const span = Math.max(east - west, north - south, 0.05);
  const step = span > 2 ? 0.5 : span > 0.5 ? 0.1 : 0.01;
  const [left, right] = [Math.floor((west - span) / step), Math.ceil((east + span) / step)];
  const [bottom, top] = [Math.floor((south - span) / step), Math.ceil((north + span) / step)];
  const lines: [number, number][][] = [];
  for (let x = left; x <= right; x++) lines.push([[x * step, bottom * step], [x * step, top * step]]);
  for (let y = bottom; y <= top; y++) lines.push([[left * step, y * step], [right * step, y * step]]);
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } };
}

customElements.define("district-map", DistrictMap);
