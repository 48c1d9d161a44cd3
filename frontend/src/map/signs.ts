/** The signs of the map, drawn here because a style without a tile server has neither sprites nor glyphs. */
const scale = 2;

const outlines: Record<string, (pen: CanvasRenderingContext2D, middle: number, reach: number) => void> = {
  circle: (pen, middle, reach) => pen.arc(middle, middle, reach, 0, Math.PI * 2),
  square: (pen, middle, reach) => pen.rect(middle - reach * 0.9, middle - reach * 0.9, reach * 1.8, reach * 1.8),
  diamond: (pen, middle, reach) => path(pen, middle, reach, [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]]),
  triangle: (pen, middle, reach) => path(pen, middle, reach, [[0, -1.1], [1.1, 0.9], [-1.1, 0.9]]),
  cross: (pen, middle, reach) =>
    path(pen, middle, reach, [
      [-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4],
      [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4],
    ]),
};

function path(pen: CanvasRenderingContext2D, middle: number, reach: number, corners: [number, number][]): void {
  for (const [x, y] of corners) pen.lineTo(middle + x * reach, middle + y * reach);
  pen.closePath();
}

function canvas(size: number): CanvasRenderingContext2D {
  const drawn = document.createElement("canvas");
  drawn.width = drawn.height = size * scale;
  const pen = drawn.getContext("2d", { willReadFrequently: true });
  if (pen === null) throw new Error("no canvas");
  return pen;
}

/** One row of the ledger, told apart by its outline. */
export function sign(shape: string, fill: string, edge: string): ImageData {
  const size = 18;
  const pen = canvas(size);
  pen.beginPath();
  (outlines[shape] ?? outlines["circle"])?.(pen, (size * scale) / 2, 6.5 * scale);
  pen.fillStyle = fill;
  pen.strokeStyle = edge;
  pen.lineWidth = 1.5 * scale;
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, size * scale, size * scale);
}

/** Several that stand too close together, with their number. */
export function cluster(count: string, fill: string, ink: string, edge: string): ImageData {
  const size = 30 + 4 * count.length;
  const middle = (size * scale) / 2;
  const pen = canvas(size);
  pen.beginPath();
  pen.arc(middle, middle, middle - 2 * scale, 0, Math.PI * 2);
  pen.fillStyle = fill;
  pen.strokeStyle = edge;
  pen.lineWidth = 2 * scale;
  pen.fill();
  pen.stroke();
  pen.fillStyle = ink;
  pen.font = `600 ${13 * scale}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(count, middle, middle + scale);
  return pen.getImageData(0, 0, size * scale, size * scale);
}

export const pixelRatio = scale;
