/** A submit of CMPP, SGIP or SMGP: one that comes again gets its first answer, and one that is not accepted gets a code. */
import type { Intake, Submit } from './intake.js';
import type { Repeats } from './repeats.js';

export interface SubmitRequest {
  /** The same when the service sends it again. */
  key: string;
  frame: Buffer;
  link: object;
  /** The code of another request under the same key. */
  repeated: number;
  send(answer: Buffer): void;
  /** @param id of the first message; absent with a code */
  response(code: number, id?: string): Buffer;
  cut(): void;
  /** @returns the code, for a submit that is not accepted */
  read(): Pick<Submit, 'messages' | 'wantsReport' | 'ids' | 'report'> | number;
}

export function takeSubmit(request: SubmitRequest, repeats: Repeats, intake: Intake): void {
  const { key, frame, link, repeated } = request;
  const before = repeats.find(key, frame, link);
  if (before) return request.send(before === 'conflict' ? request.response(repeated) : before);
  const submit = request.read();
  if (typeof submit === 'number') return request.send(request.response(submit));
  intake.take({
    ...submit,
    ids: () => {
      const ids = submit.ids();
      repeats.keep(key, { link, frame, answer: request.response(0, ids[0]) });
      return ids;
    },
    answer: (code, [id]) => request.send(request.response(code, id)),
    cut: () => request.cut(),
  });
}
