/** A call page in a real browser whose microphone and camera are not real, and what can be heard there. */
import type { Page } from 'playwright-core';
import { until } from './until.js';

/** Words for Chromium. */
export const FAKE_DEVICES = ['--use-fake-device-for-media-stream=fps=5', '--use-fake-ui-for-media-stream'];

/** Words for Chromium: what the microphone hears, again and again. @param file RIFF */
export function microphoneWith(file: string): string {
  return `--use-file-for-fake-audio-capture=${file}`;
}

/** In the page: whether the loudest sound that comes is of this frequency, or of any. */
const LISTEN = `(hertz) => {
  const { srcObject } = document.getElementById('sound');
  if (!srcObject) return false;
  if (!window.ear) {
    const context = new AudioContext();
    window.ear = { context, analyser: context.createAnalyser() };
    ear.analyser.fftSize = 4096;
    context.createMediaStreamSource(srcObject).connect(ear.analyser);
  }
  const levels = new Float32Array(ear.analyser.frequencyBinCount);
  ear.analyser.getFloatFrequencyData(levels);
  const loudest = levels.indexOf(Math.max(...levels));
  const bin = ear.context.sampleRate / ear.analyser.fftSize;
  return levels[loudest] > -60 && (hertz === 0 || Math.abs(loudest * bin - hertz) < 2 * bin);
}`;

/** @param hertz of a tone; without it, any sound */
export async function hears(page: Page, hertz = 0): Promise<void> {
  await until(`the page to hear ${hertz} Hz`, () => page.evaluate<boolean>(`(${LISTEN})(${hertz})`));
}
