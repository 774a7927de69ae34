import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Tag } from 'antd';
import { Moment } from '../../parts/moment';
import { Loaded, Panel, Screen } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { compare, type CaseChange, type Verdict } from './compare';
import { reportQuery, type Certification } from './queries';
import { certificationTexts } from './text';
import { ToFix } from './to-fix';
import { RUN_COLOURS, useCaseWords, VERDICT_COLOURS } from './words';

function Side({ name, shown }: { name: string; shown: Certification }) {
  const say = useText(certificationTexts);
  const { network, id, at, build, level, state, cases } = shown;
  return (
    <p>
      <strong>{name}</strong>{' '}
      <Link to="/certification" search={{ network, run: id }}>
        <Moment at={at} only="absolute" />
      </Link>{' '}
      <Tag color={RUN_COLOURS[state]}>{say(state)}</Tag> {level} <span className="hostile">{build}</span>{' '}
      <span className="quiet">{say('casesOf', { ...cases })}</span>
    </p>
  );
}

function VerdictTag({ verdict }: { verdict: Verdict | undefined }) {
  const say = useText(certificationTexts);
  return verdict ? <Tag color={VERDICT_COLOURS[verdict]}>{say(verdict)}</Tag> : <Tag>{say('missing')}</Tag>;
}

function Changes({ title, changes }: { title: string; changes: CaseChange[] }) {
  const say = useText(certificationTexts);
  const words = useCaseWords();
  return (
    <Panel title={title}>
      {changes.length === 0 ? (
        <p className="quiet">{say('same')}</p>
      ) : (
        <ul className="hits">
          {changes.map((change) => (
            <li key={change.id}>
              <VerdictTag verdict={change.before} /> → <VerdictTag verdict={change.after} />
              <span>{words.title(change.case)}</span> <code>{change.id}</code>
              <span className="quiet hostile">{change.case.reason && words.reason(change.case.reason)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Compared({ older, newer }: { older: Certification; newer: Certification }) {
  const say = useText(certificationTexts);
  const { newlyFailing, newlyPassing, stillFailing, other } = compare(older.report.cases, newer.report.cases);
  const failing = [...newlyFailing, ...stillFailing].map((change) => change.case);
  return (
    <>
      <Panel>
        <Side name={say('newer')} shown={newer} />
        <Side name={say('older')} shown={older} />
      </Panel>
      <Changes title={say('newlyFailing')} changes={newlyFailing} />
      <Changes title={say('newlyPassing')} changes={newlyPassing} />
      <Changes title={say('stillFailing')} changes={stillFailing} />
      <Changes title={say('other')} changes={other} />
      <ToFix cases={failing} />
    </>
  );
}

interface ComparePageProps {
  network: string;
  newer: string;
  older: string;
}

export default function ComparePage({ network, newer, older }: ComparePageProps) {
  const say = useText(certificationTexts);
  const after = useQuery(reportQuery(network, newer));
  const before = useQuery(reportQuery(network, older));
  return (
    <Screen
      title={say('comparison', { network })}
      actions={
        <Link to="/certification" search={{ network }}>
          {say('toList', { network })}
        </Link>
      }
    >
      <Loaded query={after}>
        {(shown) => (
          <Loaded query={before}>{(previous) => <Compared older={previous} newer={shown} />}</Loaded>
        )}
      </Loaded>
    </Screen>
  );
}
