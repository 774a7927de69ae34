import { useText } from '../text/use-text';
import { frameTexts } from './text';

export function Brand() {
  const say = useText(frameTexts);
  return (
    <span className="brand">
      <img src="/icon.svg" alt="" width="28" height="28" />
      {say('product')}
    </span>
  );
}
