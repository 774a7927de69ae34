/** Errors of the open interface over HTTP: the code, its name, and what to mend. */
import { HttpException } from '@nestjs/common';
import { RESULTS, toHubError } from '#protocol';

export async function serving<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const { code, detail } = toHubError(thrown);
    throw new HttpException({ code, title: RESULTS[code].name, detail }, RESULTS[code].http);
  }
}
