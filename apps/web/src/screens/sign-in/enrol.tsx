import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Flex } from 'antd';
import { useEffect } from 'react';
import { signOut } from '../../api/session';
import { Brand } from '../../frame/brand';
import { DisplaySettings } from '../../frame/display-menu';
import { ProblemAlert } from '../../parts/problem-alert';
import { useText } from '../../text/use-text';
import { FactorSteps } from '../settings/second-factor/factor-steps';
import { signInTexts } from './text';
import './sign-in.css';

/** For a person whose second factor two admins have reset: a new one is set up before anything else. */
export default function Enrol() {
  const say = useText(signInTexts);
  const leave = useMutation({ mutationFn: signOut, onSuccess: () => location.reload() });
  useEffect(() => {
    document.title = `${say('enrol')} · Hutong 互通`;
  }, [say]);
  return (
    <main className="sign-in">
      <div className="panel sign-in-card">
        <Flex vertical gap="middle">
          <Brand />
          <h1 className="screen-title">{say('enrol')}</h1>
          <Alert type="info" showIcon title={say('enrolTeach')} />
          <div>
            <FactorSteps />
          </div>
          <Button block loading={leave.isPending} onClick={() => leave.mutate()}>
            {say('signOut')}
          </Button>
          {leave.error && <ProblemAlert error={leave.error} />}
          <DisplaySettings />
        </Flex>
      </div>
    </main>
  );
}
