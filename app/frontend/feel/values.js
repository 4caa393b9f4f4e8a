// Values on their way between JSON and FEEL. What JSON cannot say is written { "$t": type, "v": content }.
import {
  FeelDate, FeelDateTime, FeelDuration, FeelFunction, FeelTime, duration, isFunction, isRange, parseDate, parseDateTime,
  parseTime,
} from 'feelin';

const TYPE = '$t';

const FROM_TYPED = {
  date: parseDate,
  datetime: parseDateTime,
  time: parseTime,
  milliseconds: duration,
  months: (months) => duration(months < 0 ? `-P${-months}M` : `P${months}M`),
  map: (entries) => Object.fromEntries(entries.map(([key, value]) => [key, revive(value)])),
};

export function revive(value) {
  if (value === null || typeof value !== 'object') {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(revive);
  }
  if (Object.hasOwn(value, TYPE)) {
    return FROM_TYPED[value[TYPE]](value.v);
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, revive(entry)]));
}

// The names that an expression may read, with the clock of the request instead of the machine's.
export function contextFor(context, now) {
  const moment = parseDateTime(now);
  const day = parseDate(now.slice(0, 10));
  return { ...revive(context), now: new FeelFunction(() => moment, []), today: new FeelFunction(() => day, []) };
}

export function plain(value) {
  if (value === null || value === undefined) {
    return null;
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : { [TYPE]: 'number' };
  }
  if (typeof value !== 'object' && typeof value !== 'function') {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  return Object.getPrototypeOf(value) === Object.prototype ? plainContext(value) : plainTyped(value);
}

function plainContext(value) {
  const entries = Object.entries(value).map(([key, entry]) => [key, plain(entry)]);
  return Object.hasOwn(value, TYPE) ? { [TYPE]: 'map', v: entries } : Object.fromEntries(entries);
}

function plainTyped(value) {
  if (value instanceof FeelDate) {
    return { [TYPE]: 'date', v: value.value.toString() };
  }
  if (value instanceof FeelDateTime) {
    return { [TYPE]: 'datetime', v: value.value.toString() + offset(value) };
  }
  if (value instanceof FeelTime) {
    return { [TYPE]: 'time', v: value.value.toString() + offset(value) };
  }
  if (value instanceof FeelDuration) {
    return plainDuration(value);
  }
  return { [TYPE]: isFunction(value) || typeof value === 'function' ? 'function' : isRange(value) ? 'range' : 'literal' };
}

// Whole months: the library's years and months duration between two dates also keeps the odd days, the standard does not.
function plainDuration({ value, yearsMonths }) {
  return yearsMonths
    ? { [TYPE]: 'months', v: value.years * 12 + value.months }
    : { [TYPE]: 'milliseconds', v: value.total({ unit: 'millisecond' }) };
}

function offset(temporal) {
  const duration = temporal['time offset'];
  if (!duration) {
    return '';
  }
  const seconds = duration.value.total({ unit: 'second' });
  const whole = Math.abs(seconds);
  const two = (number) => String(Math.floor(number)).padStart(2, '0');
  const tail = whole % 60 ? `:${two(whole % 60)}` : '';
  return `${seconds < 0 ? '-' : '+'}${two(whole / 3600)}:${two((whole % 3600) / 60)}${tail}`;
}
