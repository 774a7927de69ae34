import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { preview, type PreviewableChange } from '../../api/exchange';
import { Effect } from '../../parts/effect/effect';
import { Loaded } from '../../parts/screen';
import { useText } from '../../text/use-text';
import type { Change } from './steps';
import { changeTexts } from './text';

/** The effect on the traffic of the last day, when somebody asks for it: it is computed each time. */
export default function EffectOfChange({ change }: { change: Change }) {
  const say = useText(changeTexts);
  const [asked, setAsked] = useState(false);
  const query = useQuery({
    queryKey: ['preview', change.id],
    queryFn: () => preview(change.change as PreviewableChange),
    enabled: asked,
    staleTime: 60_000,
  });
  if (!asked)
    return (
      <Button size="small" className="effect-button" onClick={() => setAsked(true)}>
        {say('effect')}
      </Button>
    );
  return <Loaded query={query}>{(found) => <Effect preview={found} />}</Loaded>;
}
