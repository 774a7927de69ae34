import { useQuery } from '@tanstack/react-query';
import { caseInChinese, guidePage } from '../../format/anchor';
import { Marked } from '../../parts/marked';
import { Panel } from '../../parts/screen';
import { usePreferences } from '../../text/preferences';
import { useText } from '../../text/use-text';
import type { Case } from './compare';
import { suiteQuery } from './queries';
import { certificationTexts } from './text';
import { useCaseWords } from './words';

/** For each failed case why it failed, what to do, and where that is documented. */
export function ToFix({ cases }: { cases: readonly Case[] }) {
  const say = useText(certificationTexts);
  const words = useCaseWords();
  const { language } = usePreferences();
  const { data: suite } = useQuery(suiteQuery);
  return (
    <Panel title={say('toFix')}>
      {cases.length === 0 ? (
        <p className="quiet">{say('nothingToFix')}</p>
      ) : (
        <ul className="fixes">
          {cases.map((one) => {
            const known = suite?.cases.find(({ id }) => id === one.id);
            return (
              <li key={one.id}>
                <strong>{words.title(one)}</strong> <code>{one.id}</code>
                <p className="hostile">{one.reason && words.reason(one.reason)}</p>
                <p>
                  <Marked text={words.remedy(one.id) ?? known?.remedy ?? say('otherSuite')} />
                </p>
                {language === 'zh' && (
                  <a href={caseInChinese(one.id)} target="_blank" rel="noreferrer">
                    {say('inChinese')}
                  </a>
                )}{' '}
                {known && (
                  <a href={guidePage(known.documented)} target="_blank" rel="noreferrer">
                    {say('documented', { ...known.documented })}
                  </a>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
