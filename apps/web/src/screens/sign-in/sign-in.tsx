import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { ApiProblem } from '../../api/problem';
import { signIn, signInMethods } from '../../api/session';
import { Brand } from '../../frame/brand';
import { DisplaySettings } from '../../frame/display-menu';
import { inBackground } from '../../parts/in-background';
import { ProblemAlert } from '../../parts/problem-alert';
import { useText } from '../../text/use-text';
import { signInTexts } from './text';
import './sign-in.css';

interface Fields {
  user: string;
  password: string;
  code?: string;
}

const PROVIDER_PROBLEMS = ['not-proven', 'not-registered', 'no-role'] as const;

/** Why the provider of the organisation sent this person back without a session: part of the address. */
function problemOfProvider(): (typeof PROVIDER_PROBLEMS)[number] | undefined {
  const given = new URLSearchParams(location.search).get('problem');
  return PROVIDER_PROBLEMS.find((one) => one === given);
}

export default function SignIn() {
  const say = useText(signInTexts);
  const queries = useQueryClient();
  const methods = useQuery({ queryKey: ['sign-in-methods'], queryFn: signInMethods, staleTime: Infinity });
  const [busy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [returned] = useState(problemOfProvider);
  useEffect(() => {
    document.title = `${say('title')} · Hutong 互通`;
  }, [say]);
  const submit = async (fields: Fields) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await signIn(fields);
      await queries.invalidateQueries();
    } catch (error) {
      if (error instanceof ApiProblem && error.kind === 'second-factor-required') setNeedsCode(true);
      else setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const needed = [{ required: true, message: say('needed') }];
  return (
    <main className="sign-in">
      <div className="panel sign-in-card">
        <Flex vertical gap="middle">
          <Brand />
          <div>
            <h1 className="screen-title">{say('title')}</h1>
            <p className="quiet screen-lead">{say('lead')}</p>
          </div>
          {returned !== undefined && problem === undefined && (
            <Alert type="error" showIcon role="alert" title={say(returned)} />
          )}
          {problem instanceof ApiProblem && problem.status === 401 ? (
            <Alert type="error" showIcon role="alert" title={say('wrong')} />
          ) : (
            problem !== undefined && <ProblemAlert error={problem} />
          )}
          <Form<Fields>
            layout="vertical"
            requiredMark={false}
            onFinish={(fields) => inBackground(submit(fields))}
          >
            <Form.Item name="user" label={say('user')} rules={needed}>
              <Input autoComplete="username" autoFocus maxLength={200} readOnly={needsCode} />
            </Form.Item>
            <Form.Item name="password" label={say('password')} rules={needed} hidden={needsCode}>
              <Input.Password autoComplete="current-password" maxLength={200} />
            </Form.Item>
            {needsCode && (
              <Form.Item name="code" label={say('code')} extra={say('codeHelp')} rules={needed}>
                <Input autoComplete="one-time-code" maxLength={40} autoFocus />
              </Form.Item>
            )}
            <Button type="primary" htmlType="submit" block loading={busy}>
              {say(needsCode ? 'continue' : 'signIn')}
            </Button>
            {needsCode && (
              <Button type="link" block onClick={() => setNeedsCode(false)}>
                {say('back')}
              </Button>
            )}
          </Form>
          {!needsCode && methods.data?.oidc && (
            <Button block href="/v1/session/oidc">
              {say('organisation')}
            </Button>
          )}
          <DisplaySettings />
        </Flex>
      </div>
    </main>
  );
}
