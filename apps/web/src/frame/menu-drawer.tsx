import { Drawer } from 'antd';
import type { Me } from '../api/contract';
import { Brand } from './brand';
import { Navigation } from './navigation';

/** The menu of narrow screens. */
export default function MenuDrawer({ me, close }: { me: Me; close: () => void }) {
  return (
    <Drawer open onClose={close} placement="left" title={<Brand />} size={260}>
      <Navigation me={me} />
    </Drawer>
  );
}
