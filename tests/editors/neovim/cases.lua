-- Owns what a user of Neovim does with the server, case by case. Each runs in a Neovim, a workspace and a home of its own.

local criteria = require('world').criteria

local CASES = {}
local function case(name, given, body)
  table.insert(CASES, { name = name, given = given, body = body })
end

local TEXT = 'Dear Ann,\n\n\u{1F600} Kindly note: we utilise the form.\nWe commence at ten.\n'
local REFINED = 'Dear Ann,\n\n\u{1F600} Please note: we use the form.\nWe begin at ten.\n'
local BEFORE = {
  { 'house/stock', 'Kindly', 'WARN' },
  { 'house/plain', 'utilise', 'WARN' },
  { 'house/plain', 'commence', 'WARN' },
}
local AFTER = {
  { 'house/stock', 'Please', 'HINT' },
  { 'house/plain', 'use', 'HINT' },
  { 'house/plain', 'begin', 'HINT' },
}
local HANG = { { hang = true } }

local function shown(text)
  return (text:gsub('\n$', ''))
end

case('live checks run on open and while typing, and nothing else does', {}, function(t)
  t:open('memo.md', 'Kindly come.\n')
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  local found = vim.diagnostic.get(0)[1]
  t:equal(found.source, 'self-refine')
  t:equal(found.message, "'Kindly' is stock formality.")
  t:type_over('come', 'come as per plan')
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' }, { 'house/stock', 'as per', 'WARN' } })
  t:type_over('Kindly', 'Please')
  t:wait_problems({ { 'house/stock', 'as per', 'WARN' } })
  t:equal(t.progress, {})
  t:equal(t.messages, {})
end)

case('the main job: select lines, choose the action, one edit, one undo', {}, function(t)
  t:open('memo.md', TEXT)
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  local steps = vim.fn.undotree().seq_last
  vim.cmd('normal! 3GVj') -- the third line and the fourth, as a user selects them
  t:equal(vim.fn.mode(), 'V')
  t:choose('Self-refine selection')
  t:equal(t:wait_end(), '2 changes · 3 resolved · stopped: approved')
  t:equal(t:text(), shown(REFINED))
  t:wait_problems(AFTER)
  t:equal(vim.diagnostic.get(0)[1].message, "resolved in pass 1: 'Kindly' is stock formality.")
  t:equal(vim.fn.undotree().seq_last, steps + 1, 'undo steps')
  vim.cmd('silent undo')
  t:equal(t:text(), shown(TEXT))
  t:wait_problems(BEFORE)
  vim.cmd('silent redo')
  t:equal(t:text(), shown(REFINED))
  t:wait_problems(AFTER)
end)

case('progress names the host and the model before anything is sent, then each stage', {}, function(t)
  t:open('memo.md', TEXT)
  t:choose('Self-refine selection', 'Kindly', 'ten.')
  t:wait('the run has ended', function() return vim.tbl_contains(t:kinds(), 'end') end)
  local said = vim.tbl_map(function(p) return p.message end, t.progress)
  t:equal({ said[1], said[2] }, { 'reading the criteria', '127.0.0.1:' .. t.port .. ' · scripted-1' })
  t:wait_progress('pass 1 of 3 · critique · 1 finding')
  t:equal(type(t.progress[1].token), 'string')
  t:equal(t.progress[1].cancellable, true)
end)

case('the menu for a selection holds the two actions', {}, function(t)
  t:open('memo.md', TEXT)
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  t:equal(t:titles('We commence', 'ten.'), { 'Self-refine selection', 'Critique selection' })
end)

case('a critique gives diagnostics and no edit', {}, function(t)
  t:open('memo.md', TEXT)
  local tick = vim.b.changedtick
  t:choose('Critique selection', 'Kindly', 'ten.')
  t:wait_problems(BEFORE)
  t:wait_end()
  t:equal(vim.b.changedtick, tick)
  t:equal(vim.bo.modified, false)
  local data = vim.diagnostic.get(0)[2].user_data.lsp
  t:equal(data.data.quote, 'utilise')
  t:equal(vim.endswith(data.codeDescription.href, '/criteria/house.criteria.md#L18'), true, data.codeDescription.href)
end)

case('a run is cancelled by the code action, and the next one works', { answers = HANG }, function(t)
  t:open('memo.md', TEXT)
  t:choose('Self-refine selection', 'We commence', 'ten.')
  t:wait_progress('pass 1 of 3 · critique')
  t:wait_asked()
  t:choose('Cancel self-refine (pass 1 of 3)', 'We commence', 'ten.')
  t:equal(t:wait_end(), 'cancelled (you cancelled it)')
  t:equal(t:text(), shown(TEXT))
  t:choose('Self-refine selection', 'We commence', 'ten.')
  t:wait_end()
  t:wait_text(shown((TEXT:gsub('commence', 'begin'))))
end)

case('the command of the documentation cancels a run', { answers = HANG }, function(t)
  t:open('memo.md', TEXT)
  t:choose('Self-refine selection', 'We commence', 'ten.')
  t:wait_progress('pass 1 of 3 · critique')
  t:wait_asked()
  vim.cmd('SelfRefineCancel')
  t:equal(t:wait_end(), 'cancelled (you cancelled it)')
  t:equal(t:text(), shown(TEXT))
end)

case('what is typed elsewhere while a run works is kept, and the edit lands where its words are', { slow = 0.01 }, function(t)
  t:open('memo.md', TEXT)
  t:choose('Self-refine selection', 'We commence', 'ten.')
  t:wait_progress('pass 1 of 3 · critique')
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { '\u{1F600} Dear Bob,', '', 'a line more' })
  t:wait_end()
  t:wait_text('\u{1F600} Dear Bob,\n\na line more\n\n\u{1F600} Kindly note: we utilise the form.\nWe begin at ten.')
end)

case('what is typed inside makes the result wait; sentences that are untouched can be accepted', { slow = 0.01 }, function(t)
  t:open('memo.md', TEXT)
  t:choose('Self-refine selection', 'Kindly', 'ten.')
  t:wait_progress('pass 1 of 3 · critique')
  t:type_over('utilise', 'like')
  t:wait_end()
  t:wait_message('The refined text waits')
  local typed = TEXT:gsub('utilise', 'like')
  t:equal(t:text(), shown(typed))
  t:choose('Accept the refined text', 'We commence', 'ten.')
  t:wait_text(shown((typed:gsub('commence', 'begin'))))
end)

case('a broken criteria file has its problem as a diagnostic, and the others still work', {
  files = {
    ['criteria/house.criteria.md'] = criteria,
    ['criteria/broken.criteria.md'] = '---\ncriteria: 1\nid: broken\nnonsense: 1\n---\n# Broken\n\n## Criteria\n\n- **a** (warning): Does each sentence name who acts?\n',
  },
}, function(t)
  t:open('memo.md', 'Kindly come.\n')
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  local broken = vim.fs.normalize(t.root .. '/criteria/broken.criteria.md')
  local problem = t:wait('a problem of the file that is not open', function()
    return vim.iter(vim.diagnostic.get()):find(function(d) return vim.api.nvim_buf_get_name(d.bufnr) == broken end)
  end)
  t:equal(problem.lnum, 3)
  t:equal(problem.severity, vim.diagnostic.severity.ERROR)
  t:equal(problem.message:find('nonsense', 1, true) ~= nil, true, problem.message)
  vim.cmd.edit('criteria/broken.criteria.md')
  t:wait('the server is attached to it', function() return t:client() end)
  vim.api.nvim_buf_set_lines(0, 3, 4, false, {})
  t:wait_problems({})
end)

case('in hold mode nothing changes until the result is taken', { options = { review = 'hold' } }, function(t)
  t:open('memo.md', TEXT)
  t:choose('Self-refine selection', 'Kindly', 'ten.')
  t:wait_message('The refined text waits (2 changes)') -- one for each sentence
  t:wait_end()
  t:equal(t:text(), shown(TEXT))
  t:equal(vim.bo.modified, false)
  t:wait_problems(BEFORE)
  t:choose('Accept the refined text', 'Kindly', 'ten.')
  t:wait_text(shown(REFINED))
  t:wait_problems(AFTER)
  vim.cmd('silent undo')
  t:equal(t:text(), shown(TEXT))
end)

case('show the difference opens a page that nobody can change', { options = { review = 'hold' } }, function(t)
  t:open('memo.md', TEXT)
  t:choose('Self-refine selection', 'We commence', 'ten.')
  t:wait_message('The refined text waits')
  t:choose('Show the difference', 'We commence', 'ten.')
  local page = t:wait_page('+We begin at ten.')
  t:equal(vim.bo[page].readonly, true)
end)

case('one change of several is reverted, the others stay', {}, function(t)
  t:open('memo.md', TEXT)
  t:choose('Self-refine selection', 'Kindly', 'ten.')
  t:wait_text(shown(REFINED))
  t:choose('Revert this change', 'begin')
  t:wait_text(shown((REFINED:gsub('begin', 'commence'))))
  t:choose('Keep change', 'Please')
  t:equal(t:text(), shown((REFINED:gsub('begin', 'commence'))))
end)

case('a finding of a check is fixed by its quick fix', {}, function(t)
  t:open('memo.md', 'Kindly come.\n')
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  t:choose("Replace 'Kindly' with 'Please'", 'Kindly')
  t:wait_text('Please come.')
  t:wait_problems({})
  t:equal(t.progress, {}, 'no run')
end)

case('a finding is dismissed, and stays so for the words that it is about', {}, function(t)
  t:open('memo.md', 'Kindly come.\n')
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  local question, reasons
  vim.ui.select = function(items, options, chosen)
    question, reasons = options.prompt, #items
    chosen(items[1], 1)
  end
  t:choose("Dismiss: 'Kindly'", 'Kindly')
  t:wait_problems({})
  t:equal(question:find('Why is this no case of house/stock?', 1, true) ~= nil, true, question)
  t:equal(reasons, 3)
  t:type_over('come', 'come, as per plan')
  t:wait_problems({ { 'house/stock', 'as per', 'WARN' } })
  t:equal(t:text(), 'Kindly come, as per plan.')
end)

case('hover on a finding names its criterion', {}, function(t)
  t:open('memo.md', 'Kindly come.\n')
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  vim.api.nvim_win_set_cursor(0, { 1, 2 })
  local params = vim.lsp.util.make_position_params(0, t:client().offset_encoding)
  local answer = t:client():request_sync('textDocument/hover', params, 5000, 0)
  t:equal(answer.result.contents.value:find('house/stock', 1, true) ~= nil, true, vim.inspect(answer))
end)

case('one code lens stands above a line, and opens what can be done there', {}, function(t)
  t:open('memo.md', TEXT)
  vim.lsp.codelens.enable(true, { bufnr = 0 })
  t:choose('Self-refine selection', 'We commence', 'ten.')
  t:wait_text(shown((TEXT:gsub('commence', 'begin'))))
  local function titles()
    return vim.tbl_map(function(found) return found.lens.command.title end, vim.lsp.codelens.get({ bufnr = 0 }))
  end
  t:wait('one lens', function() return vim.deep_equal(titles(), { 'Self-refine: “commence” → “begin”' }) end)
  local buttons
  vim.ui.select = function(items, _, chosen)
    buttons = vim.tbl_map(function(item) return item.title end, items)
    chosen(items[1], 1)
  end
  t:client():exec_cmd(vim.lsp.codelens.get({ bufnr = 0 })[1].lens.command, { bufnr = 0 })
  t:wait('no lenses', function() return #titles() == 0 end)
  t:equal(buttons, { 'Keep', 'Revert', 'Why?' })
  t:equal(t:text(), shown((TEXT:gsub('commence', 'begin'))))
end)

case('a file with CRLF and without a last line end keeps them', {}, function(t)
  t:open('memo.md', 'One.\r\nWe utilise it.\r\nTwo.')
  t:equal({ vim.bo.fileformat, vim.bo.endofline }, { 'dos', false })
  t:choose('Self-refine selection', 'We utilise', 'it.')
  t:wait_text('One.\nWe use it.\nTwo.')
  t:wait_end()
  vim.bo.fixendofline = false
  vim.cmd('silent write')
  local file = assert(io.open(t.root .. '/memo.md', 'rb'))
  t:equal(file:read('a'), 'One.\r\nWe use it.\r\nTwo.')
  file:close()
end)

case('without a model the checks work alone, and one sentence says so', { model = false }, function(t)
  t:open('memo.md', 'Kindly come.\n')
  t:choose('Self-refine selection', 'Kindly', 'come.')
  t:wait_text('Please come.')
  t:wait_message('no model configured: 1 judged criterion not checked')
end)

case('the trace of a run opens as a page', {}, function(t)
  t:open('memo.md', TEXT)
  t:choose('Self-refine selection', 'We commence', 'ten.')
  t:wait_text(shown((TEXT:gsub('commence', 'begin'))))
  t:choose('Show the trace', 'We begin', 'ten.')
  local page = t:wait_page('# The trace of a run')
  t:equal(vim.bo[page].readonly, true)
end)

case('a server that is started again begins anew', {}, function(t)
  t:open('memo.md', TEXT)
  t:choose('Critique selection', 'Kindly', 'ten.')
  t:wait_problems(BEFORE)
  t:wait_end()
  local old = t:client()
  vim.lsp.enable('self_refine', false)
  t:wait('the server has gone', function() return old:is_stopped() end)
  t:wait_problems({})
  vim.lsp.enable('self_refine')
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  t:choose('Self-refine selection', 'Kindly', 'ten.')
  t:wait_text(shown(REFINED))
end)

return CASES
