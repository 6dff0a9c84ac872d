import type { Readable } from 'node:stream'

/**
 * What comes in until its end, or its first `most` bytes: then nothing more is read, and whoever
 * writes is told so as the pipe is closed.
 */
export async function readInput(stream: Readable, most = Infinity): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= most) break
  }
  return Buffer.concat(chunks, Math.min(length, most))
}
