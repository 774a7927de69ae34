import { fittingName } from './file-names.js';

describe('the name of a file fits its content', () => {
  test.each([
    ['cat.jpg', 'image/jpeg', 'cat.jpg'],
    ['cat.JPEG', 'image/jpeg', 'cat.JPEG'],
    ['cat.heic', 'image/jpeg', 'cat.jpg'],
    ['cat', 'image/png', 'cat.png'],
    ['note.mp4', 'audio/mp4', 'note.mp4'],
    ['note.webm', 'audio/webm', 'note.webm'],
    ['note.3gp', 'audio/amr', 'note.amr'],
    ['song.ogg', 'audio/ogg; codecs=vorbis', 'song.ogg'],
    ['film.avi', 'video/mp4', 'film.mp4'],
    ['cat.jpg', 'application/octet-stream', 'cat.bin'],
    ['cat.jpg', 'text/plain', 'cat.txt'],
    ['notes.md', 'text/plain', 'notes.md'],
    ['README', 'text/plain', 'README'],
    ['a.tar.gz', 'application/gzip', 'a.tar.gz'],
    ['letter.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'letter.docx'],
    [undefined, 'video/webm', 'file.webm'],
    [undefined, 'application/zip', 'file.bin'],
    [undefined, 'text/plain', 'file.txt'],
  ])('%s of %s: %s', (name, type, fitting) => {
    expect(fittingName(name, type)).toBe(fitting);
    expect(fittingName(fitting, type)).toBe(fitting);
  });
});
