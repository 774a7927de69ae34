import { Tag } from 'antd';
import type { Network } from '../../api/lists';
import { featureTexts } from '../../parts/features/text';
import { Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { termsOf } from '../changes/steps';
import { useCapabilityWords } from './capability/words';
import { networkTexts } from './text';
import { LEVEL_TEXTS } from './words';

/** What the adapter declared at its last sign-on: how each feature is shown, and the other fields in words. */
export function CapabilitiesPanel({ network: { capabilities } }: { network: Network }) {
  const say = useText(networkTexts);
  const sayFeature = useText(featureTexts);
  const words = useCapabilityWords();
  if (!capabilities)
    return (
      <Panel title={say('capabilities')}>
        <p className="quiet">{say('noCapabilities')}</p>
      </Panel>
    );
  const { features, ...rest } = capabilities;
  return (
    <Panel title={say('capabilities')}>
      <ul className="capabilities">
        {Object.entries(features).map(([feature, level]) => (
          <li key={feature}>
            <span>
              {feature in featureTexts ? sayFeature(feature as keyof typeof featureTexts) : feature}
            </span>
            <Tag color={level > 0 ? 'success' : level === 0 ? 'default' : 'warning'}>
              {say(LEVEL_TEXTS[String(level)] ?? 'level0')}
            </Tag>
          </li>
        ))}
      </ul>
      <dl className="terms">
        {termsOf(rest).map(([name, value]) => (
          <div key={name}>
            <dt className="quiet">{words.name(name)}</dt>
            <dd className="hostile">{words.value(name, value)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
