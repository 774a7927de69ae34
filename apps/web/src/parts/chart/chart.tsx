import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { usePreferences } from '../../text/preferences';
import { useText } from '../../text/use-text';
import { written } from '../moment';
import { partTexts } from '../text';

export interface Line {
  label: string;
  colour: 'primary' | 'error' | 'warning';
  values: (number | null)[];
}

interface ChartProps {
  /** What it shows, for those who do not see it. */
  title: string;
  times: string[];
  lines: Line[];
  unit: string;
}

const HEIGHT = 190;

interface Look {
  title: string;
  timeLabel: string;
  width: number;
  style: CSSStyleDeclaration;
  zone: string;
}

const DAY = 86_400;

/** Times of an axis: with the day where they span more than one. */
function axisTimes(seconds: number[], zone: string): string[] {
  const long = (seconds.at(-1) ?? 0) - (seconds[0] ?? 0) > DAY;
  const form: Intl.DateTimeFormatOptions = long
    ? { month: '2-digit', day: '2-digit' }
    : { hour: '2-digit', minute: '2-digit' };
  return seconds.map((second) => written(second * 1000, zone, form));
}

function options(lines: Line[], unit: string, { title, timeLabel, width, style, zone }: Look) {
  const colour = (name: string) => style.getPropertyValue(`--ant-${name}`).trim();
  const axis = {
    stroke: colour('color-text-secondary'),
    grid: { stroke: colour('color-border-secondary'), width: 1 },
    ticks: { stroke: colour('color-border-secondary'), width: 1 },
    font: `12px ${colour('font-family') || 'sans-serif'}`,
  };
  return {
    width,
    height: HEIGHT,
    tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), zone),
    cursor: { y: false, points: { size: 6 } },
    scales: {
      y: {
        range: (_: uPlot, _least: number, most: number): [number, number] => [0, Math.max(1, most * 1.1)],
      },
    },
    axes: [
      { ...axis, values: (_: uPlot, ticks: number[]) => axisTimes(ticks, zone) },
      { ...axis, size: 64, values: (_: uPlot, ticks: number[]) => ticks.map((tick) => `${tick}${unit}`) },
    ],
    series: [
      {
        label: timeLabel,
        value: (_: uPlot, second: number | null) =>
          second === null ? '–' : written(second * 1000, zone, { dateStyle: 'short', timeStyle: 'medium' }),
      },
      ...lines.map((line) => ({
        label: line.label,
        stroke: colour(`color-${line.colour}`),
        width: 2,
        points: { show: false },
        value: (_: uPlot, value: number | null) => (value === null ? '–' : `${value}${unit}`),
      })),
    ],
    hooks: {
      ready: [(plot: uPlot) => plot.root.setAttribute('aria-label', title)],
    },
  } satisfies uPlot.Options;
}

/** Lines over time. */
export function Chart({ title, times, lines, unit }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const say = useText(partTexts);
  const { timeZone, colours } = usePreferences();
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const draw = () =>
      new uPlot(
        options(lines, unit, {
          title,
          timeLabel: say('time'),
          width: element.clientWidth,
          style: getComputedStyle(element),
          zone: timeZone,
        }),
        [times.map((at) => Date.parse(at) / 1000), ...lines.map(({ values }) => values)],
        element,
      );
    const plot = draw();
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [title, times, lines, unit, timeZone, colours, say]);
  return <div ref={place} className="chart" role="img" aria-label={title} />;
}
