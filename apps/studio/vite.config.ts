import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  // What is drawn passes `src/shown/jsx-runtime.ts`: no text turns the direction of others.
  plugins: [react({ jsxImportSource: '/src/shown' })],
  build: { target: 'es2023', sourcemap: false, manifest: true, reportCompressedSize: false },
  // `npx vite` while working on the studio: the API of a host that runs beside.
  server: { proxy: { '/api': process.env['DUOFACTORY_URL'] ?? 'http://127.0.0.1:8080' } },
});
