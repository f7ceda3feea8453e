// Reads the typings of Twilio's JavaScript SDKs with TypeScript's own compiler.  Nothing is judged
// here: a question comes on standard input, what the typings say goes to standard output.
//
//     node typings.mjs
//     < {"typescript": "…/node_modules/typescript", "file": "…/lib.d.ts", "names": ["User"]}
//     > {"User": {"types": ["object"], "properties": {"isOnline": {"types": ["boolean"], …}}}}
//
// With "paths" instead of "names" the file is the Node SDK's `V1.d.ts`, and the answer is what can
// be done at each of those paths.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const question = JSON.parse(readFileSync(0, 'utf8'));
const ts = createRequire(import.meta.url)(question.typescript);
if (!ts.createProgram) {
  const { version } = ts;
  fail(`TypeScript ${version} has no compiler API: npm install --save-dev typescript@6`);
}
if (!existsSync(question.file)) fail('the file is not there');

const program = ts.createProgram([question.file], {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  ignoreDeprecations: '6.0',
  types: [],
});
const checker = program.getTypeChecker();
const source = program.getSourceFile(question.file);
const answer = question.names ? declared(question.names) : reached(question.paths);
process.stdout.write(JSON.stringify(answer));

function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

// --- what a type allows --------------------------------------------------------------------------

// `inside` says whether the members of what has no name of its own are told, too.
function shape(type, where, inside = false) {
  const anything = ts.TypeFlags.Any | ts.TypeFlags.Unknown;
  if (sound(type, where).flags & anything) return { types: null, nullable: true };
  const every = (type.isUnion() ? type.types : [type]).filter(
    ({ flags }) => !(flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)),
  );
  const real = every.filter(({ flags }) => !(flags & ts.TypeFlags.Null));
  const anonymous = inside && real.length === 1 && isAnonymous(real[0]);
  return {
    types: [...new Set(real.map(nameOf))],
    nullable: real.length < every.length,
    enum: real.length && real.every((one) => one.isStringLiteral()) ? real.map(valueOf) : null,
    properties: anonymous ? members(real[0], where, inside) : {},
  };
}

// A type whose import leads nowhere allows anything, and would agree with everything.
function sound(type, where) {
  if (type.intrinsicName === 'error') fail(`${where} refers to something that cannot be found`);
  return type;
}

function nameOf(type) {
  const { flags, symbol } = type;
  if (flags & ts.TypeFlags.StringLike) return 'string';
  if (flags & ts.TypeFlags.BooleanLike) return 'boolean';
  if (flags & ts.TypeFlags.NumberLike) return 'number';
  if (checker.isArrayType(type)) return 'array';
  if (symbol?.name === 'Date') return 'string'; // as it is written in JSON
  return type.getCallSignatures().length ? 'function' : 'object';
}

function valueOf({ value }) {
  return value;
}

function isAnonymous({ symbol }) {
  return symbol?.declarations?.some(ts.isTypeLiteralNode) ?? false;
}

// What a type has that others may use; what it inherits from other packages is theirs.
function members(type, where, inside) {
  const own = type.getProperties().filter(isOffered);
  return Object.fromEntries(
    own.map((member) => {
      const place = `${where} ${member.name}`;
      const optional = Boolean(member.flags & ts.SymbolFlags.Optional);
      const of = shape(checker.getTypeOfSymbol(member), place, inside);
      return [member.name, { ...of, required: !optional }];
    }),
  );
}

function isOffered({ name, flags, declarations = [] }) {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const onlySet = flags & ts.SymbolFlags.SetAccessor && !(flags & ts.SymbolFlags.GetAccessor);
  return (
    /^[a-z]/i.test(name) &&
    !onlySet &&
    declarations.some((one) => one.getSourceFile() === source || question.paths) &&
    !declarations.some((one) => ts.getCombinedModifierFlags(one) & hidden)
  );
}

// --- declarations by name ------------------------------------------------------------------------

function declared(names) {
  const scope = checker.getSymbolsInScope(source, ts.SymbolFlags.Type);
  const mine = scope.filter(({ declarations = [] }) =>
    declarations.some((one) => one.getSourceFile() === source),
  );
  if (!mine.length) fail('nothing is declared');
  const found = new Map(mine.map((symbol) => [symbol.name, symbol]));
  return Object.fromEntries(
    names
      .filter((name) => found.has(name))
      .map((name) => {
        const type = checker.getDeclaredTypeOfSymbol(found.get(name));
        const isObject = nameOf(type) === 'object' && !type.isUnion();
        return [
          name,
          { ...shape(type, name), properties: isObject ? members(type, name, true) : {} },
        ];
      }),
  );
}

// --- what the Node SDK can do --------------------------------------------------------------------

function reached(paths) {
  const symbol = checker.getSymbolAtLocation(source);
  const exported = symbol ? checker.getExportsOfModule(symbol) : [];
  const v1 = exported.find(({ name }) => name === 'default');
  if (!v1) fail('nothing is exported by default');
  const root = checker.getDeclaredTypeOfSymbol(v1);
  const verbs = { page: 'GET', create: 'POST', fetch: 'GET', update: 'POST', remove: 'DELETE' };
  const found = {};
  for (const path of paths) {
    const resource = walked(root, path);
    for (const [verb, method] of Object.entries(verbs)) {
      const act = resource?.getProperty(verb);
      if (act) found[`${method} ${path}`] = operation(checker.getTypeOfSymbol(act), path);
    }
  }
  return found;
}

// As an app does: a property for each name, a call for each SID.
function walked(root, path) {
  let type = root;
  for (const step of path.replace('/v1/', '').split('/')) {
    const called = step.startsWith('{');
    type = called ? result(type, 1) : ofProperty(type, step[0].toLowerCase() + step.slice(1));
    if (!type) return null;
  }
  const alone = !path.endsWith('}') && !type.getProperty('page');
  return (alone && result(type, 0)) || type;
}

function ofProperty(type, name) {
  const property = type.getProperty(name);
  return property && sound(checker.getTypeOfSymbol(property), name);
}

function result(type, arity) {
  const call = type.getCallSignatures().find(({ parameters }) => parameters.length === arity);
  return call && sound(call.getReturnType(), 'what a call gives');
}

function operation(act, path) {
  const calls = act.getCallSignatures();
  const given = calls
    .flatMap(({ parameters }) => parameters.slice(0, 1))
    .map((one) => sound(checker.getTypeOfSymbol(one), `${path} ${one.name}`))
    .find((one) => !checker.getNonNullableType(one).getCallSignatures().length);
  const model = modelOf(calls[0].getReturnType());
  const isClass = model?.isClass();
  const offered = isClass ? Object.entries(members(model, path)) : [];
  return {
    takes: given ? members(checker.getNonNullableType(given), path) : {},
    gives: Object.fromEntries(offered.filter(([, one]) => !isMethod(one))),
    payload: isClass ? members(payloadOf(model), path) : {},
  };
}

function isMethod({ types }) {
  return types?.includes('function') ?? false;
}

// `Promise<UserInstance>`, or what a `Promise<UserPage>` makes of each record.
function modelOf(promise) {
  const [promised] = checker.getTypeArguments(promise);
  if (!promised) fail('a call gives no promise');
  sound(promised, 'a promise');
  const each = ofProperty(promised, 'getInstance');
  return each ? result(each, 1) : promised;
}

// What the SDK believes to come over the wire: its model is made of it.
function payloadOf(model) {
  const made = model.symbol.valueDeclaration.members.find(ts.isConstructorDeclaration);
  const payload = made?.parameters.find(({ name }) => name.getText() === 'payload');
  if (!payload) fail(`${model.symbol.name} is made of no payload`);
  return sound(checker.getTypeAtLocation(payload), `${model.symbol.name}'s payload`);
}
