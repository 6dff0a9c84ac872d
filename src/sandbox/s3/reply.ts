import type { Reply } from '../http/call.ts'
import { xmlDocument, type XmlValue } from '../xml.ts'

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** A 200 with a document of S3's namespace. */
export const xmlReply = (root: string, value: XmlValue): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: xmlDocument(root, value, NAMESPACE),
})

export const ok = (headers: Record<string, string> = {}): Reply => ({ status: 200, headers })

export const noContent = (headers: Record<string, string> = {}): Reply => ({ status: 204, headers })
