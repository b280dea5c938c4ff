/**
 * Passwords of twelve characters and more that lists of leaked ones are full of, in lower case and without what people put
 * behind them. Shorter ones are refused for their length; repetitions and runs by rule.
 */
const COMMON = new Set(
  `
  passwordpassword passw0rdpassw0rd password password1234 passw0rd p@ssword p@ssw0rd mypassword yourpassword thepassword
  newpassword oldpassword passwordis password1 passphrase passcode administrator adminadmin superadmin administrador
  rootroot letmein letmeinnow letmeinplease pleaseletmein openme opensesame welcome welcomeback welcomehome changeme
  changemenow changeit changethis pleasechange pleasechangeme default defaultpassword temporary temppassword temp
  testpassword testtest testing testingtesting guestguest secretsecret topsecret supersecret mysecret secretpassword
  iloveyou iloveyouso iloveyoubaby iloveyousomuch iloveyouforever ilovemyfamily iloveme ilovejesus jesuschrist
  jesusislord godisgood godislove blessedgod trustno1 trustnoone whatever whateveritis
  qwertyqwerty qwertyuiop qwertyuiopasdf qwertyasdfgh asdfghjkl asdfghjklqwerty zxcvbnm zxcvbnmasdfgh qazwsxedc
  qazwsxedcrfv qweasdzxc 1qaz2wsx3edc 1q2w3e4r5t6y q1w2e3r4t5y6 1qazxsw23edc qwertzuiop azertyuiop qwerty123456
  abcdefghijkl abcdefg1234567 abc123abc123 123456qwerty 123qwe123qwe 123456abcdef a1b2c3d4e5f6 1a2b3c4d5e6f
  football basketball baseball footballfan manchesterunited manchester liverpoolfc liverpool barcelona realmadrid
  chelseafc arsenalfc superman spiderman batmanbatman starwars harrypotter pokemonpokemon minecraft fortnite
  princess sunshine butterfly chocolate strawberry cheesecake computer internet microsoft facebook google linkedin
  monkeymonkey dragondragon mastermaster shadowshadow michaeljackson michael jennifer christopher alexander elizabeth
  charlotte stephanie veronica dragonballz naruto unicorn rainbow iamthebest iamtheone dontforget forgotpassword
  companyname company business accounting bookkeeping invoice quoinquoin quoin quoinpassword
  `
    .split(/\s+/)
    .filter((word) => word !== ''),
);

const RUNS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiopasdfghjklzxcvbnm', 'qwertzuiopasdfghjklyxcvbnm'];
const BOTH_WAYS = RUNS.flatMap((run) => [run, Array.from(run).reverse().join('')]);
const RUN_LENGTH_MIN = 4;
const UNIT_LENGTH_MAX = 6;
const DISTINCT_MIN = 5;

/** What people put before and behind a word to please a rule: digits, punctuation. */
const TRIMMINGS = /^[\d\W_]+|[\d\W_]+$/gu;

/**
 * Whether a password is among the first that anybody would try: a well-known one, with or without digits round it; one short
 * piece again and again; a handful of characters; keys in a row; or a word of the person's own (NIST SP 800-63B-4, 3.1.1.2).
 * @param ownWords the person's address, the company's name
 */
export function isCommonPassword(password: string, ownWords: readonly string[] = []): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  const core = text.replace(TRIMMINGS, '');
  if (COMMON.has(text) || COMMON.has(core) || new Set(text).size < DISTINCT_MIN) return true;
  const own = ownWords.flatMap(spellingsOf);
  if (own.includes(text) || (core.length > 0 && own.includes(core))) return true;
  return isRepetition(text) || isMadeOfRuns(text);
}

function spellingsOf(word: string): string[] {
  const text = word.normalize('NFKC').toLowerCase();
  return [text, text.replace(/@.*$/, ''), text.replaceAll(/\W/g, '')].filter((each) => each.length >= RUN_LENGTH_MIN);
}

function isRepetition(text: string): boolean {
  for (let length = 1; length <= Math.min(UNIT_LENGTH_MAX, text.length / 2); length++) {
    const unit = text.slice(0, length);
    if (unit.repeat(Math.ceil(text.length / length)).slice(0, text.length) === text) return true;
  }
  return false;
}

/** Nothing but stretches of the alphabet, the digits or rows of keys, forwards or backwards. */
function isMadeOfRuns(text: string): boolean {
  let rest = text;
  while (rest.length > 0) {
    const length = longestRun(rest);
    if (length < Math.min(RUN_LENGTH_MIN, rest.length)) return false;
    rest = rest.slice(length);
  }
  return true;
}

function longestRun(text: string): number {
  for (let length = text.length; length > 0; length--) {
    const piece = text.slice(0, length);
    if (BOTH_WAYS.some((run) => run.includes(piece))) return length;
  }
  return 0;
}
