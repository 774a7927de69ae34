import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Descriptions, Progress, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useMay } from '../../api/me';
import { Moment } from '../../parts/moment';
import { Loaded, Panel, Screen } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { CaseTable } from './case-table';
import { progressOf, type Progress as RunProgress } from './progress';
import { reportQuery, runsQuery, type Certification } from './queries';
import { certificationTexts } from './text';
import { ToFix } from './to-fix';
import { RUN_COLOURS, useCaseWords } from './words';

const ShareDialog = lazy(() => import('./share-dialog'));

/** Test by test, and what the suite asks the operator to do now. */
function Watch({ progress }: { progress: RunProgress }) {
  const say = useText(certificationTexts);
  const words = useCaseWords();
  const { running, percent, all, passed, failed, skipped } = progress;
  const now = running ? say('nowRuns', { title: words.title(running) }) : say('waits');
  return (
    <Panel title={say('progress')}>
      <Progress percent={percent} status="active" aria-label={say('progress')} />
      <p role="status">
        {now} <span className="quiet">{say('casesOf', { all, passed, failed, skipped })}</span>
      </p>
      {running?.asks && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={say(running.asks === 'restart' ? 'asksRestart' : 'asksSecond')}
        />
      )}
    </Panel>
  );
}

function Facts({ shown }: { shown: Certification }) {
  const say = useText(certificationTexts);
  const { report, state, level, build, suite, at, validUntil, by, cases } = shown;
  return (
    <Panel title={say('report')}>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2, xl: 3 }}
        items={[
          {
            key: 'state',
            label: say('runState'),
            children: <Tag color={RUN_COLOURS[state]}>{say(state)}</Tag>,
          },
          { key: 'level', label: say('level'), children: level ?? '–' },
          { key: 'cases', label: say('cases'), children: say('casesOf', { ...cases }) },
          {
            key: 'build',
            label: say('build'),
            children: <span className="hostile">{build ?? report.build ?? '–'}</span>,
          },
          { key: 'suite', label: say('suite'), children: suite },
          {
            key: 'loopback',
            label: say('loopback'),
            children: <code className="hostile">{report.loopback}</code>,
          },
          { key: 'at', label: say('at'), children: <Moment at={at} /> },
          { key: 'validUntil', label: say('validUntil'), children: <Moment at={validUntil} /> },
          { key: 'by', label: say('by'), children: <span className="hostile">{by}</span> },
        ]}
      />
    </Panel>
  );
}

function Actions({ shown: { network, id, state } }: { shown: Certification }) {
  const say = useText(certificationTexts);
  const may = useMay();
  const [sharing, setSharing] = useState(false);
  const { data } = useQuery(runsQuery(network));
  const at = data?.rows.findIndex((row) => row.id === id) ?? -1;
  const previous = at < 0 ? undefined : data?.rows[at + 1];
  return (
    <>
      <Link to="/certification" search={{ network }}>
        {say('toList', { network })}
      </Link>
      {previous && (
        <Link to="/certification" search={{ network, run: id, with: previous.id }}>
          {say('comparePrevious')}
        </Link>
      )}
      <a
        href={`/v1/networks/${encodeURIComponent(network)}/certifications/${id}/page`}
        target="_blank"
        rel="noreferrer"
      >
        {say('page')}
      </a>
      {may('certifications:share') && state !== 'running' && (
        <Button onClick={() => setSharing(true)}>{say('share')}</Button>
      )}
      <Suspense fallback={null}>
        {sharing && <ShareDialog network={network} run={id} close={() => setSharing(false)} />}
      </Suspense>
    </>
  );
}

export default function ReportPage({ network, run }: { network: string; run: string }) {
  const say = useText(certificationTexts);
  const query = useQuery(reportQuery(network, run));
  return (
    <Screen
      title={say('titleOf', { network })}
      lead={say('lead')}
      actions={query.data && <Actions shown={query.data} />}
    >
      <Loaded query={query}>
        {(shown) => (
          <>
            {shown.state === 'running' && <Watch progress={progressOf(shown.report.cases)} />}
            <Facts shown={shown} />
            <ToFix cases={shown.report.cases.filter(({ verdict }) => verdict === 'fail')} />
            <CaseTable cases={shown.report.cases} />
          </>
        )}
      </Loaded>
    </Screen>
  );
}
