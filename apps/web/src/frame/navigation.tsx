import { Link } from '@tanstack/react-router';
import type { Me } from '../api/contract';
import { Icon } from '../parts/icon';
import { useText } from '../text/use-text';
import { menuFor } from './menu';
import { frameTexts } from './text';

const GROUPS = ['groupTraffic', 'groupMembers', 'groupMoney', 'groupControl'] as const;

export function Navigation({ me }: { me: Me }) {
  const say = useText(frameTexts);
  const entries = menuFor(me.permissions);
  return (
    <nav aria-label={say('menu')} className="nav">
      {GROUPS.map((group) => {
        const own = entries.filter((entry) => entry.group === group);
        if (own.length === 0) return null;
        return (
          <div key={group} className="nav-group">
            <div className="nav-title">{say(group)}</div>
            {own.map(({ path, text, icon }) => (
              <Link key={path} to={path} activeOptions={{ exact: path === '/' }} className="nav-link">
                <Icon name={icon} />
                {say(text)}
              </Link>
            ))}
          </div>
        );
      })}
    </nav>
  );
}
