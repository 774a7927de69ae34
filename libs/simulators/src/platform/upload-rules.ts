/** What an account may upload. */
import { ApiError } from './codes.js';
import { contentOf, voiceSeconds } from './content-of.js';

export interface MediaRule {
  bytes: number;
  /** Minimum size, bytes. */
  atLeast?: number;
  /** Maximum duration of a voice note. */
  seconds?: number;
  /** Accepted file name extensions, which must match the content; empty: any file. */
  extensions: readonly string[];
}

/** @throws ApiError for a file that the platform does not accept */
export function checkUpload(rule: MediaRule, extension: string, bytes: Buffer): void {
  if (bytes.length === 0) throw new ApiError(44001);
  if (bytes.length < (rule.atLeast ?? 1)) throw new ApiError(40006);
  if (bytes.length > rule.bytes) throw new ApiError(45001);
  if (rule.extensions.length > 0) {
    const named = extension === 'jpeg' ? 'jpg' : extension;
    if (!rule.extensions.includes(extension) || contentOf(bytes) !== named) throw new ApiError(40005);
  }
  if (rule.seconds !== undefined && (voiceSeconds(bytes) ?? 0) > rule.seconds) throw new ApiError(45007);
}
