import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { answer, api } from '../../api/client';
import { ProblemAlert } from '../../parts/problem-alert';
import { useText } from '../../text/use-text';
import { dayTexts } from './text';

/** Recalculates the whole day, which takes a while for a large one, and says what differs. */
export function VerifyPanel({ date }: { date: string }) {
  const say = useText(dayTexts);
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: () => answer(api.POST('/v1/business-days/{date}/verify', { params: { path: { date } } })),
  });
  return (
    <div>
      <Button loading={isPending} onClick={() => mutate()}>
        {say('verify')}
      </Button>
      {error && <ProblemAlert error={error} />}
      {data && (
        <Alert
          type={data.identical ? 'success' : 'error'}
          showIcon
          role="status"
          title={
            data.identical
              ? say('identical')
              : say('differs', { what: data.differences.slice(0, 20).join('; ') })
          }
        />
      )}
    </div>
  );
}
