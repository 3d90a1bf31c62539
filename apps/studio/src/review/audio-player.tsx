import './audio.css';
import { Button, useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import WaveSurfer from 'wavesurfer.js';
import RegionsPlugin from 'wavesurfer.js/plugins/regions';
import { peaksQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { Mouth, showViseme } from './mouth.js';
import { audioUrl } from './preload.js';
import { hashOf, measuredOf, saidAt, type Said, type Speech, type SpokenLine } from './speech.js';
import { SpokenLines, type Correcting } from './spoken-lines.js';
import { useKeys } from '../frame/use-keys.js';

interface PlayerProps {
  readonly speech: Speech;
  /** Whether keys reach it: one player of a screen has them. */
  readonly keys?: boolean;
  /** The line that was spoken again: it is played. */
  readonly playFirst?: number | undefined;
  /** undefined: it may only be heard. */
  readonly correcting?: Correcting | undefined;
}

const SKIP_S = 2;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

/** An episode to be heard: its wave with a region a line, the mouth and the word that are said now. */
export default function AudioPlayer({ speech, keys = true, playFirst, correcting }: PlayerProps) {
  const { lines, audio, durationMs } = speech;
  const measured = measuredOf(speech);
  const place = useRef<HTMLElement>(null);
  const media = useRef<HTMLAudioElement>(null);
  const stop = useRef<number>(undefined);
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(SPEEDS.indexOf(1));
  const [opened, setOpened] = useState<{ readonly line: number }>();

  useEffect(() => {
    const sound = media.current!;
    const show = (): void => {
      const ms = sound.currentTime * 1000;
      if (stop.current !== undefined && ms >= stop.current) sound.pause();
      showSaid(place.current!, lines, ms);
    };
    let frame = 0;
    const follow = (): void => {
      show();
      if (!sound.paused) frame = requestAnimationFrame(follow);
    };
    const begin = (): void => {
      setPlaying(true);
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(follow);
    };
    const end = (): void => {
      setPlaying(false);
      show();
    };
    show();
    const heard = { play: begin, pause: end, ended: end, seeked: show };
    for (const [event, hear] of Object.entries(heard)) sound.addEventListener(event, hear);
    return () => {
      cancelAnimationFrame(frame);
      for (const [event, hear] of Object.entries(heard)) sound.removeEventListener(event, hear);
    };
  }, [lines]);

  const play = (): void => void media.current!.play();
  const toggle = (): void => {
    stop.current = undefined;
    if (media.current!.paused) play();
    else media.current!.pause();
  };
  const seek = (seconds: number): void => {
    stop.current = undefined;
    media.current!.currentTime = Math.min(
      durationMs / 1000,
      Math.max(0, media.current!.currentTime + seconds),
    );
  };
  const playLine = (at: number): void => {
    const line = lines[at];
    if (!line) return;
    media.current!.currentTime = line.startMs / 1000;
    stop.current = line.endMs;
    play();
  };
  /** The one that is said, else the last one that was. */
  const currentLine = (): number => {
    const ms = media.current!.currentTime * 1000;
    return lines.findLastIndex(({ startMs }) => startMs <= ms + 1);
  };
  const pace = (step: number): void => {
    const next = Math.min(SPEEDS.length - 1, Math.max(0, speed + step));
    setSpeed(next);
    media.current!.playbackRate = SPEEDS[next]!;
  };
  const correct = (line: number): void => {
    const said = speech.asked?.lines[line];
    if (!correcting || !said) return;
    if (correcting.typed[line] === undefined) correcting.type(line, said.text);
    setOpened({ line });
  };
  const controls = {
    ' ': toggle,
    ArrowLeft: () => seek(-SKIP_S),
    ArrowRight: () => seek(SKIP_S),
    ArrowUp: () => playLine(Math.max(0, currentLine() - 1)),
    ArrowDown: () => playLine(Math.min(lines.length - 1, currentLine() + 1)),
    '[': () => pace(-1),
    ']': () => pace(1),
    ...(correcting ? { l: () => correct(Math.max(0, currentLine())) } : {}),
  };
  useKeys(keys ? controls : {});
  useEffect(() => {
    if (playFirst !== undefined) playLine(playFirst);
  }, [playFirst, audio.object]);

  return (
    <section className="player" aria-label="Audio" ref={place}>
      <audio ref={media} src={audioUrl(audio)} preload="auto" />
      <Wave key={audio.object} speech={speech} media={media} onLine={playLine} />
      <Strip lines={lines} />
      <div className="controls">
        <Mouth />
        <div className="buttons">
          <Button onClick={toggle}>{isPlaying ? 'Pause' : 'Play'}</Button>
          <Button variant="default" aria-label="Slower" disabled={speed === 0} onClick={() => pace(-1)}>
            -
          </Button>
          <span aria-live="polite">{SPEEDS[speed]}x</span>
          <Button
            variant="default"
            aria-label="Faster"
            disabled={speed === SPEEDS.length - 1}
            onClick={() => pace(1)}
          >
            +
          </Button>
          <span className="quiet time" aria-hidden="true" />
        </div>
        {measured && <p className="quiet wide-only">{measured}</p>}
        <p className="quiet wide-only">
          Keys: Space plays, Left and Right 2 s, Up and Down a line, [ and ] speed
          {correcting && ', L corrects the line'}
        </p>
      </div>
      <SpokenLines
        speech={speech}
        correcting={correcting}
        opened={opened}
        onPlay={playLine}
        onCorrect={correct}
      />
    </section>
  );
}

function Wave(of: {
  speech: Speech;
  media: React.RefObject<HTMLAudioElement | null>;
  onLine: (at: number) => void;
}) {
  const { speech, media, onLine } = of;
  const { lines, durationMs } = speech;
  const peaks = useQuery(peaksQuery(hashOf(speech.peaks)));
  const scheme = useComputedColorScheme('light');
  const container = useRef<HTMLDivElement>(null);
  const onClicked = useRef(onLine);
  useEffect(() => {
    onClicked.current = onLine;
  });
  useEffect(() => {
    if (!peaks.data || !media.current) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const regions = RegionsPlugin.create();
    const wave = WaveSurfer.create({
      container: container.current!,
      media: media.current,
      peaks: [peaks.data],
      duration: durationMs / 1000,
      height: 64,
      waveColor: colour('--quiet'),
      progressColor: colour('--accent'),
      cursorColor: colour('--text'),
      plugins: [regions],
    });
    const added = wave.on('ready', () => {
      for (const [i, { startMs, endMs }] of lines.entries())
        regions.addRegion({
          ...{ id: String(i), start: startMs / 1000, end: endMs / 1000 },
          ...{
            drag: false,
            resize: false,
            color: `color-mix(in srgb, ${colour('--accent')} 14%, transparent)`,
          },
        });
    });
    regions.on('region-clicked', ({ id }, event) => {
      event.stopPropagation();
      onClicked.current(Number(id));
    });
    return () => {
      added();
      wave.destroy();
    };
  }, [peaks.data, scheme, lines, durationMs, media]);
  return (
    <>
      {peaks.error && <Failure error={peaks.error} onRetry={() => void peaks.refetch()} />}
      <div className="wave" ref={container} aria-hidden="true" />
    </>
  );
}

/** The mouth shapes of each line, in proportion; the line that is said is seen. */
function Strip({ lines }: { lines: readonly SpokenLine[] }) {
  return (
    <div className="visemes" aria-hidden="true">
      {lines.map(({ visemes, startMs, endMs }, i) => (
        <div key={i} className="strip" data-line={i} hidden={i > 0}>
          {visemes.map((viseme, j) => (
            <i
              key={j}
              style={{
                left: `${(100 * (viseme.startMs - startMs)) / (endMs - startMs)}%`,
                width: `${(100 * (viseme.endMs - viseme.startMs)) / (endMs - startMs)}%`,
              }}
            >
              {hasRoom(viseme, endMs - startMs) ? viseme.id : ''}
            </i>
          ))}
          <b />
        </div>
      ))}
    </div>
  );
}

/** A letter that would be cut says nothing. */
const LEAST_SHARE = 0.025;

const hasRoom = ({ id, startMs, endMs }: SpokenLine['visemes'][number], lineMs: number): boolean =>
  id !== 'sil' && (endMs - startMs) / lineMs >= LEAST_SHARE;

/** In each frame, past React: sixty renders a second would be late. */
function showSaid(place: HTMLElement, lines: readonly SpokenLine[], ms: number): void {
  const said = saidAt(lines, ms);
  showViseme(place.querySelector('.mouth')!, said.viseme);
  place.querySelector('.time')!.textContent = `${clock(ms)} / ${clock(lines.at(-1)?.endMs ?? 0)}`;
  const line = lines[said.line];
  if (line) {
    for (const strip of place.querySelectorAll<HTMLElement>('.strip'))
      strip.hidden = strip.dataset['line'] !== String(said.line);
    const cursor = place.querySelector<HTMLElement>(`.strip[data-line="${said.line}"] b`);
    if (cursor) cursor.style.left = `${(100 * (ms - line.startMs)) / (line.endMs - line.startMs)}%`;
  }
  markSaid(place, said);
}

function markSaid(place: HTMLElement, { line, word }: Said): void {
  const marked = `${line}.${word}`;
  if (place.dataset['said'] === marked) return;
  place.dataset['said'] = marked;
  for (const one of place.querySelectorAll<HTMLElement>('.said-line'))
    one.classList.toggle('now', one.dataset['line'] === String(line));
  place.querySelector('.word.now')?.classList.remove('now');
  place.querySelector(`.said-line[data-line="${line}"] .word[data-word="${word}"]`)?.classList.add('now');
}

const clock = (ms: number): string =>
  `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;
