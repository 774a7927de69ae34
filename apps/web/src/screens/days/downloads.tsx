import { useText } from '../../text/use-text';
import { dayTexts } from './text';

const FORMATS = { statements: ['pdf', 'csv', 'json'], files: ['jsonl', 'csv'] } as const;

interface DownloadsProps {
  date: string;
  party: string;
  of: keyof typeof FORMATS;
}

/** Links that save the statement or the clearing file of a party in each format. */
export function Downloads({ date, party, of }: DownloadsProps) {
  const say = useText(dayTexts);
  const path = `/v1/business-days/${encodeURIComponent(date)}/${of}/${encodeURIComponent(party)}`;
  return FORMATS[of].map((format) => (
    <a
      key={format}
      className="download"
      href={`${path}?format=${format}`}
      download
      aria-label={say(of === 'files' ? 'saveFile' : 'save', { party, format: format.toUpperCase() })}
    >
      {format.toUpperCase()}
    </a>
  ));
}
