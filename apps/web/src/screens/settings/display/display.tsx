import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex } from 'antd';
import { answer, api } from '../../../api/client';
import { meQuery } from '../../../api/session';
import { DisplaySettings } from '../../../frame/display-menu';
import { ProblemAlert } from '../../../parts/problem-alert';
import { Panel } from '../../../parts/screen';
import { usePreferences } from '../../../text/preferences';
import { useText } from '../../../text/use-text';
import { displayTexts } from './text';

/** What is chosen here applies to this browser; the account keeps it for others. */
export default function Display() {
  const say = useText(displayTexts);
  const queries = useQueryClient();
  const me = useQuery(meQuery).data;
  const { language, timeZone, change } = usePreferences();
  const keep = useMutation({
    mutationFn: () => answer(api.PUT('/v1/me/preferences', { body: { language, timeZone } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
  if (!me) return null;
  const isKept = me.language === language && me.timeZone === timeZone;
  return (
    <Panel title={say('title')}>
      <Flex vertical gap="middle" className="narrow">
        <p>{say('here')}</p>
        <DisplaySettings />
        {isKept ? (
          <Alert type="success" showIcon title={say('kept')} />
        ) : (
          <>
            <p>{say('account', { language: say(me.language), zone: me.timeZone })}</p>
            <Flex gap="small" wrap>
              <Button type="primary" loading={keep.isPending} onClick={() => keep.mutate()}>
                {say('keep')}
              </Button>
              <Button onClick={() => change({ language: me.language, timeZone: me.timeZone })}>
                {say('take')}
              </Button>
            </Flex>
          </>
        )}
        {keep.error && <ProblemAlert error={keep.error} />}
      </Flex>
    </Panel>
  );
}
