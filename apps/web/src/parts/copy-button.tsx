import { Button } from 'antd';
import { useState } from 'react';
import { useText } from '../text/use-text';
import { inBackground } from './in-background';
import { partTexts } from './text';

/** Copies a text. Browsers offer no clipboard to pages without TLS on another machine: there, nothing is shown. */
export function CopyButton({ text }: { text: string }) {
  const say = useText(partTexts);
  const [copied, setCopied] = useState(false);
  // Typed as always present, and undefined where the page is no secure context.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) return null;
  const copy = async () => {
    await clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <Button onClick={() => inBackground(copy())}>
      <span role="status">{say(copied ? 'copied' : 'copy')}</span>
    </Button>
  );
}
