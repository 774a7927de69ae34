import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Api } from './api.js';
import './styles.css';
import { Wall } from './wall.js';

const root = document.getElementById('wall');
const token = location.hash.slice(1);
if (root)
  createRoot(root).render(
    <StrictMode>
      <Wall api={new Api(token)} />
    </StrictMode>,
  );
// Another token is another wall.
addEventListener('hashchange', () => location.reload());
