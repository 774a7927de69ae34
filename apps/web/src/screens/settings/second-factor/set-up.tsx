import { Button, Flex, Form, Input } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { inBackground } from '../../../parts/in-background';
import { ProblemAlert } from '../../../parts/problem-alert';
import { useText } from '../../../text/use-text';
import { QrCode } from '../../../parts/qr-code/qr-code';
import { secondFactorTexts } from './text';

export type Offer = Schemas['SecondFactorOffer'];

/** Shows the secret once, and asks for the first code that it makes. @param confirmed called with the recovery codes */
export default function SetUp({ offer, confirmed }: { offer: Offer; confirmed: (codes: string[]) => void }) {
  const say = useText(secondFactorTexts);
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const confirm = async ({ code }: { code: string }) => {
    setBusy(true);
    setProblem(undefined);
    try {
      confirmed((await answer(api.POST('/v1/me/second-factor/confirm', { body: { code } }))).recoveryCodes);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Flex gap="large" wrap align="start">
      <QrCode text={offer.uri} label={say('qrCode')} />
      <div className="narrow">
        <ol>
          <li>{say('step1')}</li>
          <li>
            {say('step2')} <code className="hostile">{offer.secret}</code>
          </li>
          <li>{say('step3')}</li>
        </ol>
        <Form<{ code: string }>
          layout="vertical"
          requiredMark={false}
          onFinish={(fields) => inBackground(confirm(fields))}
        >
          <Form.Item
            name="code"
            label={say('code')}
            rules={[{ required: true, pattern: /^\d{6}$/, message: say('codeRule') }]}
          >
            <Input autoComplete="one-time-code" inputMode="numeric" maxLength={6} />
          </Form.Item>
          {problem !== undefined && <ProblemAlert error={problem} />}
          <Button type="primary" htmlType="submit" loading={busy}>
            {say('confirm')}
          </Button>
        </Form>
      </div>
    </Flex>
  );
}
