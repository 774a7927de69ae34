/** Sends a file of records, packed, and tells how much of it has been sent. */
import { csrfHeader } from './client';
import { problemOf, unreachable } from './problem';

/** @param onPercent 0 to 100; at 100 the server compares. @throws ApiProblem */
export async function uploadFile<T>(
  path: string,
  file: File,
  type: string,
  onPercent: (percent: number) => void,
): Promise<T> {
  const packed = await new Response(file.stream().pipeThrough(new CompressionStream('gzip'))).blob();
  // fetch does not tell how much of a body has been sent.
  const request = new XMLHttpRequest();
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  request.upload.onprogress = ({ loaded, total }) => onPercent(Math.floor((loaded / total) * 100));
  request.onerror = () => reject(unreachable(new Error(path)));
  request.onload = () => {
    const body = parsed(request.responseText);
    if (request.status === 201) resolve(body as T);
    else reject(problemOf(request.status, body, request.getResponseHeader('retry-after')));
  };
  request.open('POST', path);
  for (const [name, value] of [['content-type', type], ['content-encoding', 'gzip'], ...csrfHeader()])
    request.setRequestHeader(name ?? '', value ?? '');
  request.send(packed);
  return promise;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // An answer of a proxy in between.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
