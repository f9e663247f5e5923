const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n');

/** A file that passes for a PDF, of so many bytes. */
export function pdf(name: string, size = PDF.length): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: 'application/pdf', buffer: Buffer.concat([PDF, Buffer.alloc(size - PDF.length)]) };
}
