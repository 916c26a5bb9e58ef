// The shapes that modules of the page share, known to all of them without an import. For TypeScript's compiler alone: no
// browser gets this file. What only one function takes or returns is said there, in its JSDoc.

// --- What the page was given: world.json (page/engine/README.md has it key by key) and the files beside it

interface World extends FileList {
  /** its release */
  driftback: string;
  registers: string;
  /** of the rules */
  fingerprint: string;
  /** the month of the article */
  article: number;
  capitals: string[];
  parameters: Record<string, any>;
  drivers: Record<string, any>;
  claims: Record<string, string>;
  assumptions: Record<string, string>;
  switches: Record<string, any>;
  /** names of those of each capital */
  weights: Record<string, string[]>;
  series: Record<string, { title: string; measured: string; unit: string; short: string }>;
  levers: Lever[];
  goals: Record<string, { name: string; says: string }[]>;
  scenarios: Record<string, any>;
  observed: { events: RecordedEvent[]; monthly: any[]; annual: any[] };
  limits: any;
  sets: any;
  later: string[][];
}

interface FileList {
  files: Record<string, { bytes: number; sha256: string }>;
}

interface Lever {
  field: string;
  capital: string;
  name: string;
  title: string;
  options: { name: string; value: number; label: string }[];
}

interface RecordedEvent {
  date: string;
  month: string;
  actor: string;
  target: string;
  domain: string;
  event: string;
  source: string;
  address: string;
}

/** The numbers of the definitions, from facts.json. */
interface Rules {
  within: number;
  held: number;
  points: number;
  relativePoints: number;
  usualSupport: number;
  /** first and last month */
  recovered: [number, number];
  influential: [number, number];
}

/** One run's, a number a month. */
type Series = Record<string, Float64Array>;

/** Months from the end until a definition came true, NaN where it did not. */
type Times = Record<string, number>;

// --- The engine

/** What differs from the scenario; see page/engine/README.md. */
interface Changes {
  ends?: [number, number] | null;
  parameters?: Record<string, number>;
  without?: string[];
  variant?: string;
  drivers?: Record<string, { from?: number; to?: number; value: number }[]>;
  moves?: { lever: string; option: string; from: number; to: number }[];
}

type Engine = import("./engine/engine.js").Engine;
type Plan = ReturnType<typeof import("./engine/plan.js").planned>;

/** Every number of the equations: one for all runs, or one a run. */
type Values = Record<string, number | Float64Array>;

interface RunRequest {
  plan: Plan;
  values: Values;
  seed: number | bigint;
  runs: number[];
  /** names of series, or of rows of the workspace */
  keep?: string[];
  /** first, and the one after the last */
  months?: [number, number];
  /** to go on from */
  from?: RunState | null;
  /** months that stand, of the same runs and series: to go on from, and to keep */
  past?: Block | null;
  /** whether the war goes on for ever */
  endless?: boolean;
}

/** All that the rules remember before a month: a remembered row after the other, a number a run. */
interface RunState {
  month: number;
  runs: number[];
  rows: Float64Array;
}

/** What was simulated. */
interface Block {
  runs: number[];
  first: number;
  /** how many */
  months: number;
  /** a run's months one after the other */
  series: Record<string, Float64Array>;
  /** runs * months * levers: places of the options taken */
  played: Int8Array;
  warEnd: Int32Array;
  /** after the last month */
  state: RunState;
}

/** What a module says of itself. */
interface Layout extends Record<"parameters" | "drivers" | "series" | "capitals" | "remembered", string[]> {
  levers: { field: string; options: number[] }[];
  bundles: number[][];
  lanes: number;
  size: number;
  chance: number;
  first: number[];
  rows: Record<string, number>;
  draws: { run: string[]; places: number };
}

/** What is remembered of some runs. */
interface Past {
  values: Values;
  /** the place of each run's retained set */
  owners: number[];
  /** null where nothing stands */
  past: Block | null;
}

/** What stands in a row of the month. */
type ReadRow = (name: string) => number;

/** What an option is worth: to each goal, and in all. */
interface Worth {
  terms: number[];
  utility: number;
}

interface Decision {
  month: number;
  capital: string;
  lever: string;
  goals: string[];
  weights: number[];
  options: (Worth & { chance: number })[];
  /** places of options */
  last: number;
  chosen: number;
  draw: number;
  survives: number;
  belief: { ends: number; months: number };
}

interface Deal {
  month: number;
  /** places of bundles */
  last: number;
  chosen: number;
  draw: number;
  imposed: boolean;
  bundles: Bundle[];
}

interface Bundle extends Record<"arms" | "pay" | "technology", number> {
  moscow: Worth;
  pyongyang: Worth;
  chance: number;
  score: number;
  gainMoscow: number;
  gainPyongyang: number;
}

// --- Workers and what they are asked for

interface WorkerFiles {
  world: World;
  facts: any;
  sets: ArrayBuffer | null;
  months: WebAssembly.Module;
}

interface JobPart {
  channel: string;
  asked: any;
  place: number;
  resolve: (found: any) => void;
  reject: (error: Error) => void;
}

/** What a job works with. */
interface JobContext {
  sets: Float64Array | null;
  engine: Engine;
}

interface PairsRequest {
  scenario: string;
  moved: Changes;
  seed: number;
  runs?: number[];
  /** in their place: the first run, and the one after the last, of which it is a part */
  among?: [number, number];
  part?: number;
  /** what is shown */
  series: string;
  lever: string;
}

/** One entry a run, or a run's months one after the other. */
type PairsFound = ReturnType<typeof import("./jobs/pairs.js").pairs>;

type Effect = ReturnType<typeof import("./ensembles.js").effectOf>;

type Fork = NonNullable<Changes["moves"]>[number];

interface HistoryRequest {
  scenario: string;
  moved: Changes;
  seed: number;
  run: number;
  fork: Fork | null;
}

/** A lever, or the arms deal, that is moved otherwise because the war has ended. */
interface HistoryStep {
  lever: string;
  /** the first in which the two worlds differ in it */
  month: number;
  /** levers moved otherwise before: were one of them not, this one would not be in that month */
  needs: string[];
  /** points of the effect that are left if it goes on as without the end */
  left: number;
  /** of what Moscow brings, month by month, how much more or less is left then */
  earned: number;
  /** of a lever alone, with the end and without */
  weighed: [Decision | undefined, Decision | undefined];
}

type HistoryFound = Awaited<ReturnType<typeof import("./jobs/history.js").history>>;

// --- The game

/** Places of the options that some levers stand at. */
type Stands = Record<string, number>;

/** The option ordered of some levers. */
type Orders = Record<string, string>;

interface Game {
  scenario: string;
  seed: number;
  run: number;
  /** the capitals that are played */
  seats: string[];
  /** first month of every turn */
  starts: number[];
  /** the month after the last turn */
  end: number;
  /** of all seats together */
  turns: Orders[];
}

/** A goal in the last turn, in the turn before, and without the players. */
type Gauge = Record<"now" | "before" | "without", number>;

type Turn = Awaited<ReturnType<typeof import("./jobs/play.js").turn>>;
type Hand = Awaited<ReturnType<typeof import("./jobs/play.js").hand>>;
type Ending = Awaited<ReturnType<typeof import("./jobs/play.js").ending>>;
type Difference = Ending["differences"][number];

/** What a turn of history opens with. */
interface Turning {
  month: number;
  date: string;
  actor: string;
}

/** A game and what belongs to it on this page. */
interface Setting {
  /** complete turns only */
  game: Game;
  /** of all complete and begun turns */
  entries: string[];
  /** whose turn it is */
  seat: string;
  /** what the seat has ordered in this turn so far */
  draft: Orders;
  history: boolean;
  over: boolean;
}

/** A move that was changed. */
interface Move {
  capital: string;
  field: string;
  month: number;
  label: string;
}

// --- The page: its address, its views, what they draw

/** One thing that an address can say. */
interface AddressKey {
  /** what stands where the address says nothing */
  usual: any;
  /** throws an Error that says why where it cannot be read */
  parse: (written: string) => any;
  write?: (value: any) => string;
}

type AddressState = Record<string, any>;

/** What a view gets. */
interface ViewContext {
  pool: import("./workers.js").Pool;
  /** what an address says */
  read: (hash: string) => AddressState;
  /** to another address; focus: the id of what is next */
  go: (changes: AddressState, how?: { view?: string; replace?: boolean; focus?: string }) => void;
  /** the address with changes, for an href */
  link: (view: string, changes?: AddressState) => string;
  /** to screen readers */
  announce: (said: string) => void;
  /** from 0 to 1, null when done */
  progress: (done: number | null) => void;
}

/** Builds a view. */
type OpenView = (root: HTMLElement, context: ViewContext) => View;

interface View {
  title: string;
  /** called with every new state */
  show: (state: AddressState) => void;
}

/** A control of controls.json, with what the world says of it. */
interface Control {
  name: string;
  kind: "end" | "talks" | "parameter" | "driver" | "lever";
  is: "assumption" | "policy";
  low: number;
  high: number;
  step: number;
  options: string[];
  /** what history leaves: quantiles of the sets, or where it stands; empty for options */
  band: number[];
  last?: any;
  before?: any;
}

/** Where a value lies. */
type Scale = (value: number) => number;

interface ChartNote {
  month: number;
  to?: number;
  label: string;
  row?: number;
}

/** What a chart over months shows. */
interface ChartLines {
  /** the month at the left */
  first: number;
  last: number;
  /** of values */
  range: [number, number];
  /** what stands below a month */
  tick: (month: number) => string;
  ticks: number[];
  /** quantiles of 10, 25, 50, 75 and 90%, from first on */
  fans?: { rows: Float64Array[]; kind: string }[];
  /** level lines */
  levels?: { value: number; label: string; kind: string }[];
  notes?: ChartNote[];
  /** observed */
  dots?: { month: number; value: number }[];
  lines?: { values: ArrayLike<number>; kind: string }[];
  /** with a number in a circle */
  marks?: { month: number; value: number; text: string }[];
}

interface CardContent {
  title: string;
  draw: (width: number, at: number) => ReturnType<typeof import("./charts.js").fanChart>;
  /** of the table */
  head: string[];
  /** which line is which: the kind of a line, and words */
  key: [string, string][];
  rows: (string | number)[][];
  /** what is measured */
  series: string;
  /** lines that make the numbers again */
  python?: () => string;
  readout: { first: number; last: number; at: number; say: (month: number) => string };
}

/** A history and what the end of the war does in it, in points. */
interface Pair {
  run: number;
  value: number;
}

interface HistoryPanel {
  /** a lever, "deal_arms" for the deal, or what is shown */
  name: string;
  /** whose colour it has */
  capital: string;
  month: number;
  head: string;
  /** what would be in its place */
  instead?: string;
  says: string[];
  /** names of panels without which this would not have come */
  needs: string[];
  /** top: of a lever, the place of its last option */
  lines: { one: ArrayLike<number>; control: ArrayLike<number>; label: string; top?: number };
}

interface Lesson {
  /** its words begin with lessons.ID */
  id: string;
  axis: [number, number];
  unit: "money" | "percent" | "points" | "count";
  /** whether the guess is a line */
  connected: boolean;
  /** words of what is guessed */
  handles: string[];
  answer: (ask: AskRuns, counted: any) => Promise<{ values: number[]; given: Record<string, any> }>;
  /** what has to be known before the guess */
  before?: (ask: AskRuns) => Promise<Record<string, any>>;
}

/** Ask for something of each of some paired runs. */
type AskRuns = (of: (found: PairsFound, run: number) => any, world?: any) => Promise<any[]>;

/** By the number of the lesson, from 1. */
type Bets = Record<number, number[]>;

/** A connection that comes back by itself. */
interface Link {
  send: (message: object) => void;
  close: () => void;
}

/** What the big screen of a class knows; what belongs to a game is null before there is one. */
interface ClassState {
  state: AddressState;
  link: Link | null;
  linked: "open" | "lost" | "refused";
  room: string;
  address: string;
  /** by capital how many are there, and by matter how often each option was chosen */
  tables: Record<string, { here: number; votes: Record<string, number>[] }>;
  bets: number[];
  now: Setting;
  found: Turn;
  hands: Record<string, Hand>;
  ends: Record<string, Ending>;
  /** which game was asked for, and which is simulated as far as it was played */
  shown: string;
  ready: string;
  asking: boolean;
  betting: boolean;
  revealed: boolean;
}

/** What Explore shows; what was found is null before anything is. */
interface ExploreState {
  state: AddressState;
  found: PairsFound;
  effect: Effect;
  /** the share of the runs that were found; null where they are of another world */
  done: number | null;
  /** what is said of the world that was kept, and of files */
  own: string | null;
  kept: string;
}

/** What one history shows, and what is chosen but not in the address; what was found is null before it is. */
interface HistoryState {
  state: AddressState;
  told: HistoryFound;
  key: string;
  status: string;
  lever: string;
  option: string;
  /** whether the decisions are shown */
  open: boolean;
}

/** What the lessons show; the lesson is undefined where all are. */
interface LessonsState {
  state: AddressState;
  shown: string;
  number: number;
  lesson: Lesson;
  bets: Bets;
  /** on this lesson */
  bet: number[];
  /** that is not placed yet */
  guess: number[];
  /** an answer, what is known before a guess, the scores of all, or an Error where it stumbled */
  found: any;
}

/** What a game shows; now is null before there is one. */
interface PlayState {
  state: AddressState;
  now: Setting;
  /** turns whose answers were seen */
  seen: number;
  /** the entries and the seat that somebody is ready for, where a device is passed on */
  ready: string;
  problem: string;
  /** what the seat had ordered before the last card */
  before: Orders;
}
