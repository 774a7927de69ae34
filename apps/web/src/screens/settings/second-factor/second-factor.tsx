import { Panel } from '../../../parts/screen';
import { useText } from '../../../text/use-text';
import { FactorSteps } from './factor-steps';
import { secondFactorTexts } from './text';

export default function SecondFactor() {
  const say = useText(secondFactorTexts);
  return (
    <Panel title={say('title')}>
      <FactorSteps />
    </Panel>
  );
}
