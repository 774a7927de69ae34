/** Phones move between the shelf and the wall: dragged with a mouse, or with the buttons, which everybody can reach by keyboard. */
import { useCallback, useLayoutEffect, useRef, useState, type DragEvent } from 'react';
import type { PhoneId } from '../../shared/events.js';

/** Other things that are dragged over the page, such as files, have other types. */
const DRAGGED = 'text/x-phone';

/** For the element with which a phone is dragged. */
export function draggedPhone(id: PhoneId) {
  return {
    draggable: true,
    onDragStart: ({ dataTransfer }: DragEvent) => {
      dataTransfer.effectAllowed = 'move';
      dataTransfer.setData(DRAGGED, id);
    },
  };
}

/** For the element onto which phones are dropped; `isOver`: something that may be dropped is above it. */
export function useDropPlace(take: (id: PhoneId) => void) {
  const [isOver, setIsOver] = useState(false);
  const place = {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(DRAGGED)) return;
      event.preventDefault();
      setIsOver(true);
    },
    onDragLeave: ({ currentTarget, relatedTarget }: DragEvent) => {
      if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setIsOver(false);
    },
    onDrop: (event: DragEvent) => {
      const id = event.dataTransfer.getData(DRAGGED);
      if (id === '') return;
      event.preventDefault();
      setIsOver(false);
      take(id);
    },
  };
  return { isOver, place };
}

/**
 * The button that moves a phone vanishes with it: the focus follows the phone to where it is now.
 * @param open the phones on the wall
 * @returns call it with the phone that is about to move
 */
export function useFocusFollows(open: readonly PhoneId[]): (id: PhoneId) => void {
  const moved = useRef<PhoneId>(undefined);
  const places = open.join(' ');
  useLayoutEffect(() => {
    const id = moved.current;
    if (id === undefined) return;
    moved.current = undefined;
    document.querySelector<HTMLElement>(`[data-phone="${id}"], [data-shelf="${id}"]`)?.focus();
  }, [places]);
  return useCallback((id) => (moved.current = id), []);
}
