import { Alert, Button, Flex, Modal } from 'antd';
import { useText } from '../text/use-text';
import { CopyButton } from './copy-button';
import { partTexts } from './text';

/** A secret that no later request shows. */
export default function ShownOnce({
  title,
  teach,
  secret,
  close,
}: {
  title: string;
  /** What it is for. */
  teach?: string;
  secret: string;
  close: () => void;
}) {
  const say = useText(partTexts);
  return (
    <Modal
      open
      title={title}
      onCancel={close}
      maskClosable={false}
      footer={<Button onClick={close}>{say('kept')}</Button>}
    >
      <Flex vertical gap="middle">
        <Alert type="warning" showIcon title={say('shownOnce')} />
        {teach !== undefined && <span>{teach}</span>}
        <code className="secret">{secret}</code>
        <div>
          <CopyButton text={secret} />
        </div>
      </Flex>
    </Modal>
  );
}
