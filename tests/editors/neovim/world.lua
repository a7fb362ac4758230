-- Owns what a case works with: a workspace, a scripted model, the server as a user sets it up, and what was seen.
--
-- The model and the server are real processes. Nothing sleeps: whatever is waited for is a predicate with a deadline.

local SECONDS = 40
local WORLD = {}
WORLD.__index = WORLD

-- The criteria file of the other tests in editors, too.
local CRITERIA = assert(io.open(vim.env.SELF_REFINE_TESTS .. '/support/house.criteria.md', 'rb')):read('a')
local RULE = { words = { utilise = 'use', commence = 'begin' }, criterion = 'house/plain' }

local function write(path, text)
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  local file = assert(io.open(path, 'wb'))
  file:write(text)
  file:close()
end

-- The folders that a user's own settings and traces lie in; none is that of whoever runs the tests.
local function at_home(home)
  return {
    HOME = home,
    XDG_CONFIG_HOME = home .. '/config',
    XDG_STATE_HOME = home .. '/state',
    XDG_DATA_HOME = home .. '/data',
    XDG_CACHE_HOME = home .. '/cache',
  }
end

-- `given`: files, answers (a script of the model), slow (seconds a token), model = false, options.
function WORLD.new(given)
  local folder = vim.env.SELF_REFINE_FOLDER
  local self = setmetatable({ root = folder .. '/team work', home = folder .. '/home' }, WORLD)
  self.progress, self.messages, self.shown = {}, {}, {}
  local files = given.files or { ['criteria/house.criteria.md'] = CRITERIA }
  for name, text in pairs(files) do
    write(self.root .. '/' .. name, text)
  end
  vim.fn.mkdir(self.home, 'p')
  vim.fn.chdir(self.root)
  local env = at_home(self.home)
  if given.model ~= false then
    env.OPENAI_BASE_URL = self:serve_model(folder, given)
  end
  self:listen()
  if given.plugin then
    self.load_plugin()
  else
    -- What the documentation tells users to write, but for the program and the folders of the user.
    for _, block in ipairs(self.documented()) do
      assert(loadstring(block))()
    end
  end
  vim.lsp.config('self_refine', {
    cmd = { vim.env.SELF_REFINE, 'serve' },
    cmd_cwd = self.home,
    cmd_env = env,
    init_options = given.options,
  })
  return self
end

-- The Lua that docs/editors/neovim.md has for those without the plugin, block by block.
function WORLD.documented()
  local page = assert(io.open(vim.env.SELF_REFINE_TESTS .. '/../docs/editors/neovim.md')):read('a')
  local section = assert(page:match('\n## Set up: without the plugin\n(.-)\n## '))
  return vim.iter(section:gmatch('```lua\n(.-)```')):totable()
end

-- The plugin as a plugin manager loads it: its folder on the runtime path, its `plugin/` run.
function WORLD.load_plugin()
  vim.opt.runtimepath:append(vim.fs.normalize(vim.env.SELF_REFINE_TESTS .. '/../client-neovim'))
  vim.cmd.runtime('plugin/self_refine.lua')
  vim.lsp.enable('self_refine')
end

function WORLD:serve_model(folder, given)
  local script = { answers = given.answers or {}, rule = RULE, seconds_per_token = given.slow or 0 }
  write(folder .. '/model.json', vim.json.encode(script))
  self.said = ''
  self.model = vim.system(
    { vim.env.SELF_REFINE_PYTHON, '-m', 'support.scripted', '--until-eof', '--script', folder .. '/model.json' },
    { cwd = vim.env.SELF_REFINE_TESTS, stdin = true, stdout = function(_, data) self.said = self.said .. (data or '') end }
  )
  self:wait('the model has a port', function() return self.said:match('^%d+\n') end)
  self.port = self.said:match('%d+')
  return 'http://127.0.0.1:' .. self.port .. '/v1'
end

function WORLD:listen()
  vim.api.nvim_create_autocmd('LspProgress', {
    callback = function(event)
      local params = event.data.params
      table.insert(self.progress, vim.tbl_extend('error', { token = params.token }, params.value))
    end,
  })
  vim.lsp.handlers['window/showMessage'] = function(_, params)
    table.insert(self.messages, params.message)
  end
end

-- Wait until the model was asked for something.
function WORLD:wait_asked()
  self:wait('the model is asked', function() return self.said:find('asked', 1, true) end)
end

-- Waiting and checking.

function WORLD:wait(what, predicate)
  local found
  vim.wait(SECONDS * 1000, function()
    found = predicate()
    return found and true or false
  end, 10)
  if not found then
    error(('not within %d s: %s\n%s'):format(SECONDS, what, self:seen()), 2)
  end
  return found
end

function WORLD:equal(got, expected, what)
  if not vim.deep_equal(got, expected) then
    error(('%s: %s\nexpected: %s\n%s'):format(what or 'got', vim.inspect(got), vim.inspect(expected), self:seen()), 2)
  end
end

-- All that a person who mends a case wants to know.
function WORLD:seen()
  local buffer = vim.api.nvim_get_current_buf()
  return vim.inspect({
    text = vim.api.nvim_buf_get_lines(buffer, 0, -1, false),
    problems = self:problems(),
    progress = vim.tbl_map(function(p) return p.kind .. ': ' .. tostring(p.message) end, self.progress),
    messages = self.messages,
  })
end

-- The text.

function WORLD:open(name, text)
  write(self.root .. '/' .. name, text)
  vim.cmd.edit(vim.fn.fnameescape(name))
  self:wait('the server is attached', function() return self:client() end)
end

function WORLD:client()
  return vim.lsp.get_clients({ bufnr = 0, name = 'self_refine' })[1]
end

function WORLD:text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

function WORLD:wait_text(text)
  self:wait('the text is ' .. vim.inspect(text), function() return self:text() == text end)
end

-- Line and column from 0, of the first place where some words stand.
function WORLD:find(words)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local start = line:find(words, 1, true)
    if start then
      return number - 1, start - 1
    end
  end
  error('these words are not in the text: ' .. words, 2)
end

-- Put words in the place of others, as one step that can be undone.
function WORLD:type_over(words, new)
  local line, column = self:find(words)
  vim.cmd('let &undolevels = &undolevels') -- what is typed now is an undo step of its own
  vim.api.nvim_buf_set_text(0, line, column, line, column + #words, { new })
end

-- Diagnostics: id, words, severity, in the order of the text.

function WORLD:problems(buffer)
  local found = vim.diagnostic.get(buffer or 0)
  table.sort(found, function(a, b)
    return a.lnum < b.lnum or (a.lnum == b.lnum and a.col < b.col)
  end)
  return vim.tbl_map(function(d)
    local words = vim.api.nvim_buf_get_text(d.bufnr, d.lnum, d.col, d.end_lnum, d.end_col, {})
    return { d.code, table.concat(words, '\n'), vim.diagnostic.severity[d.severity] }
  end, found)
end

function WORLD:wait_problems(expected)
  self:wait('the diagnostics are ' .. vim.inspect(expected), function()
    return vim.deep_equal(self:problems(), expected)
  end)
end

-- Wait until a page that holds these words stands in a window beside the text; the cursor stays where it is.
function WORLD:wait_page(words)
  local text = vim.api.nvim_get_current_win()
  local page = self:wait('a page beside the text has ' .. words, function()
    for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
      local buffer = vim.api.nvim_win_get_buf(window)
      local said = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
      if window ~= text and said:find(words, 1, true) then
        return buffer
      end
    end
  end)
  self:equal(vim.api.nvim_get_current_win(), text, 'the window of the cursor')
  return page
end

-- Code actions.

-- A range as `vim.lsp.buf.code_action` takes it: lines from 1, columns from 0, the last one included.
function WORLD:range(first, last)
  local line, column = self:find(first)
  local end_line, end_column = self:find(last or first)
  return { start = { line + 1, column }, ['end'] = { end_line + 1, end_column + #(last or first) - 1 } }
end

-- The titles that a user would be shown for some words.
function WORLD:titles(first, last)
  local titles
  local select = vim.ui.select
  vim.ui.select = function(items)
    titles = vim.tbl_map(function(item) return item.action.title end, items)
  end
  -- Two actions at least are there for the menu to open.
  vim.lsp.buf.code_action({ range = self:range(first, last) })
  vim.wait(2000, function() return titles ~= nil end, 10)
  vim.ui.select = select
  return titles or {}
end

-- Carry out the action whose title begins so; waits until it is offered.
function WORLD:choose(title, first, last)
  local chosen = false
  local function try()
    vim.lsp.buf.code_action({
      range = first and self:range(first, last) or nil,
      apply = true,
      filter = function(action)
        local fits = not chosen and vim.startswith(action.title, title)
        chosen = chosen or fits
        return fits
      end,
    })
  end
  self:wait('the action ' .. title, function()
    try()
    vim.wait(500, function() return chosen end, 10)
    return chosen
  end)
end

-- Runs.

function WORLD:kinds()
  return vim.tbl_map(function(p) return p.kind end, self.progress)
end

-- Wait until some progress says these words.
function WORLD:wait_progress(words)
  return self:wait('progress says ' .. words, function()
    return vim.iter(self.progress):find(function(p) return p.message and p.message:find(words, 1, true) end)
  end)
end

-- Wait until a run has ended; gives what it said last. Each run begins once and ends once.
function WORLD:wait_end()
  self:wait('the progress has ended', function() return vim.tbl_contains(self:kinds(), 'end') end)
  local counts = { begin = 0, report = 0, ['end'] = 0 }
  for _, kind in ipairs(self:kinds()) do
    counts[kind] = counts[kind] + 1
  end
  self:equal({ counts.begin, counts['end'] }, { 1, 1 }, 'begins and ends')
  local last = self.progress[#self.progress].message
  self.progress = {}
  return last
end

-- Wait for a sentence to the user that holds these words; gives it.
function WORLD:wait_message(words)
  return self:wait('a message with ' .. words, function()
    return vim.iter(self.messages):find(function(m) return m:find(words, 1, true) end)
  end)
end

-- End the server as Neovim does when it quits, and the model with it.
function WORLD:close()
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop()
  end
  local gone = vim.wait(SECONDS * 1000, function() return #vim.lsp.get_clients() == 0 end, 10)
  if self.model then
    self.model:write(nil)
    self.model:wait(5000)
  end
  assert(gone, 'the server did not end')
end

return { new = WORLD.new, criteria = CRITERIA }
