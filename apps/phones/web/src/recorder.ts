/** Records a voice note with the microphone. */
const MOST_MS = 60_000;

export interface Recording {
  /** Ends it. @returns what was recorded */
  finish(): Promise<Blob>;
  cancel(): void;
}

/** @throws DOMException when the microphone is missing or not allowed */
export async function startRecording(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream, { mimeType: 'audio/webm;codecs=opus' });
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  const stopped = new Promise<void>((resolve) =>
    recorder.addEventListener('stop', () => resolve(), { once: true }),
  );
  recorder.start();
  const limit = setTimeout(() => stop(), MOST_MS);
  function stop(): void {
    clearTimeout(limit);
    if (recorder.state !== 'inactive') recorder.stop();
    for (const track of stream.getTracks()) track.stop();
  }
  return {
    async finish() {
      stop();
      await stopped;
      return new Blob(parts, { type: 'audio/webm' });
    },
    cancel: stop,
  };
}
