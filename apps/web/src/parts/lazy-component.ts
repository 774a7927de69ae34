import { lazy, type ComponentType } from 'react';

/** As `lazy` of React, and keeps the type parameter of a component. */
export function lazyComponent<Component>(load: () => Promise<{ default: Component }>): Component {
  return lazy(load as () => Promise<{ default: ComponentType }>) as Component;
}
