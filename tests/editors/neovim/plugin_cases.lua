-- Owns what a user of the plugin does, command by command. Each case runs in a Neovim, a workspace and a home of its own.

local CASES = {}
local function case(name, given, body)
  given.plugin = true
  table.insert(CASES, { name = 'plugin: ' .. name, given = given, body = body })
end

local TEXT = 'Dear Ann,\n\n\u{1F600} Kindly note: we utilise the form.\nWe commence at ten.\n'
local REFINED = 'Dear Ann,\n\n\u{1F600} Please note: we use the form.\nWe begin at ten.'

local function marks(kind)
  local space = require('self_refine.inline_diff').namespace
  local found = vim.api.nvim_buf_get_extmarks(0, space, 0, -1, { details = true })
  return vim.iter(found):map(function(mark)
    local details = mark[4]
    if kind == 'old' and details.virt_text then
      return details.virt_text[1][1]
    elseif kind == 'new' and details.hl_group then
      local words = vim.api.nvim_buf_get_text(0, mark[2], mark[3], details.end_row, details.end_col, {})
      return table.concat(words, '\n')
    end
  end):totable()
end

local function refined(t)
  t:open('memo.md', TEXT)
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  vim.cmd('3,4SelfRefine refine')
  t:wait_text(REFINED)
  t:wait('the changes are drawn', function() return #marks('old') == 3 end)
end

case('refine lands, and the changes stand in the text', {}, function(t)
  refined(t)
  t:equal(marks('old'), { 'Kindly', 'utilise', 'commence' }, 'struck through')
  t:equal(marks('new'), { 'Please', 'use', 'begin' }, 'tinted')
  t:equal(require('self_refine').status(), '2 changes')
end)

case('next, revert and keep decide change by change', {}, function(t)
  refined(t)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.cmd('SelfRefine next')
  t:equal(vim.api.nvim_win_get_cursor(0)[1], 3)
  vim.cmd('SelfRefine next')
  t:equal(vim.api.nvim_win_get_cursor(0)[1], 4)
  vim.cmd('SelfRefine revert')
  t:wait_text((REFINED:gsub('begin', 'commence')))
  t:wait('its marks are gone', function() return #marks('old') == 2 end)
  vim.cmd('SelfRefine previous')
  vim.cmd('SelfRefine keep')
  t:wait('all marks are gone', function() return #marks('old') == 0 end)
  t:equal(t:text(), (REFINED:gsub('begin', 'commence')))
  t:equal(require('self_refine').status(), '')
end)

case('revert all gives the text back', {}, function(t)
  refined(t)
  vim.cmd('SelfRefine! revert')
  t:wait_text((TEXT:gsub('\n$', '')))
  t:wait('all marks are gone', function() return #marks('old') == 0 end)
end)

case('undo takes the marks with it, redo brings them back', {}, function(t)
  refined(t)
  vim.cmd('silent undo')
  t:wait('the marks are gone', function() return #marks('old') == 0 end)
  vim.cmd('silent redo')
  t:wait('the marks are back', function() return #marks('old') == 3 end)
end)

case('a held result is shown in a tab, and accepted', { options = { review = 'hold', extensions = true } }, function(t)
  t:open('memo.md', TEXT)
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  vim.cmd('3,4SelfRefine refine')
  t:wait('the result waits', function() return require('self_refine.runs').newest('waiting') end)
  t:equal(t:text(), (TEXT:gsub('\n$', '')))
  vim.cmd('SelfRefine diff')
  t:wait('a tab shows the difference', function() return vim.fn.tabpagenr('$') == 2 and vim.wo.diff end)
  t:equal(t:text(), REFINED, 'the result')
  vim.cmd('tabclose')
  vim.cmd('SelfRefine accept')
  t:wait_text(REFINED)
end)

case('a held result is accepted in its difference, which then closes', { options = { review = 'hold', extensions = true } }, function(t)
  t:open('memo.md', TEXT)
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  vim.cmd('3,4SelfRefine refine')
  t:wait('the result waits', function() return require('self_refine.runs').newest('waiting') end)
  t:choose('Show the difference', 'Kindly', 'ten.')
  t:wait('a tab shows the difference', function() return vim.fn.tabpagenr('$') == 2 and vim.wo.diff end)
  vim.cmd('SelfRefine accept')
  t:wait('the tab is closed', function() return vim.fn.tabpagenr('$') == 1 end)
  t:wait_text(REFINED)
end)

case('what menus and lenses ask for is shown by the plugin', {}, function(t)
  refined(t)
  local text = vim.api.nvim_get_current_buf()
  t:choose('Why change', 'begin')
  t:wait('the explanation floats', function()
    return vim.iter(vim.api.nvim_list_wins()):any(function(win) return vim.api.nvim_win_get_config(win).relative ~= '' end)
  end)
  local run = require('self_refine.runs').newest('landed')
  local offered = {}
  vim.ui.select = function(items, options, done)
    offered = vim.tbl_map(options.format_item, items)
    done(items[2], 2)
  end
  local lens = { uri = run.uri, runId = run.runId, hunks = { 1 } }
  t:client():exec_cmd({ title = '', command = 'selfRefine.review', arguments = { lens } }, { bufnr = text })
  t:equal(offered, { 'Keep', 'Revert', 'Why?' })
  t:wait_text((REFINED:gsub('begin', 'commence')))
end)

case('with: criteria are chosen from a list, and said in own words', {}, function(t)
  t:open('memo.md', TEXT)
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  local offered, asked
  vim.ui.select = function(items, options, done)
    offered = vim.tbl_map(options.format_item, items)
    done(items[1], 1)
  end
  vim.ui.input = function(options, done)
    asked = options.prompt
    done('')
  end
  vim.cmd('3,4SelfRefine with')
  t:wait_text(REFINED)
  t:equal(asked, 'In your own words (Return for none): ')
  t:equal(#offered > 1, true, 'offers')
end)

case('the stages of a run are shown below the text, unless asked not to', {}, function(t)
  local said = {}
  local echo = vim.api.nvim_echo
  vim.api.nvim_echo = function(chunks, history, options)
    if options.kind == 'progress' and options.source == 'self_refine' then
      table.insert(said, { options.title, chunks[1][1], options.status })
    else
      echo(chunks, history, options)
    end
  end
  refined(t)
  t:wait_end()
  t:equal(said[1][1], 'Self-refine memo.md:3')
  t:equal(said[#said][3], 'success')
  t:equal(vim.iter(said):any(function(each) return each[2]:find('critique', 1, true) end), true, vim.inspect(said))
  require('self_refine.progress').hide()
  said = {}
  vim.cmd('3,4SelfRefine critique')
  t:wait_end()
  t:equal(said, {})
end)

case('maps, signs and help are there, and nothing is mapped unasked', {}, function(t)
  for _, name in ipairs({ 'refine', 'critique', 'keep', 'revert', 'keep-all', 'revert-all', 'next', 'previous',
    'accept', 'discard', 'diff', 'why', 'cancel' }) do
    t:equal(vim.fn.maparg(('<Plug>(self-refine-%s)'):format(name), 'n') ~= '', true, name)
  end
  local mapped = vim.tbl_filter(function(map)
    return (map.rhs or ''):find('SelfRefine', 1, true) and not vim.startswith(map.lhs, '<Plug>')
  end, vim.list_extend(vim.api.nvim_get_keymap('n'), vim.api.nvim_get_keymap('x')))
  t:equal(mapped, {}, 'global maps')
  refined(t)
  local space = require('self_refine.inline_diff').namespace
  local signs = vim.iter(vim.api.nvim_buf_get_extmarks(0, space, 0, -1, { details = true })):filter(function(mark)
    return mark[4].sign_text ~= nil
  end):map(function(mark) return mark[2] + 1 end):totable()
  t:equal({ signs[1], signs[#signs] }, { 3, 4 }, 'lines with a sign')
  vim.keymap.set('n', ']r', '<Plug>(self-refine-next)')
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.cmd('normal ]r')
  t:equal(vim.api.nvim_win_get_cursor(0)[1], 3)
  local doc = vim.fs.normalize(vim.env.SELF_REFINE_TESTS .. '/../client-neovim/doc/self_refine.txt')
  local page = assert(io.open(doc)):read('a')
  for _, word in ipairs(vim.fn.getcompletion('SelfRefine ', 'cmdline')) do
    t:equal(page:find(word, 1, true) ~= nil, true, word .. ' is not in the help')
  end
end)

case('without a range the paragraph under the cursor is refined', {}, function(t)
  t:open('memo.md', TEXT)
  t:wait_problems({ { 'house/stock', 'Kindly', 'WARN' } })
  vim.api.nvim_win_set_cursor(0, { 4, 0 })
  vim.cmd('SelfRefine')
  t:wait_text(REFINED)
end)

case('cancel ends the run', { answers = { { hang = true } } }, function(t)
  t:open('memo.md', 'We utilise the form.\n')
  vim.cmd('1SelfRefine critique')
  t:wait_asked()
  vim.cmd('SelfRefine cancel')
  t:wait('the run has ended', function()
    local view = require('self_refine.runs').of(0)[1]
    return view and view.state == 'ended'
  end)
end)

case('why, trace, criteria and runs open beside the text', {}, function(t)
  refined(t)
  local text = vim.api.nvim_get_current_buf()
  vim.api.nvim_win_set_cursor(0, { 4, 3 })
  vim.cmd('SelfRefine why')
  t:wait('a window floats', function()
    return vim.iter(vim.api.nvim_list_wins()):any(function(w) return vim.api.nvim_win_get_config(w).relative ~= '' end)
  end)
  for _, word in ipairs({ 'trace', 'criteria' }) do
    vim.cmd('SelfRefine ' .. word)
    t:wait(word .. ' is open', function()
      return vim.api.nvim_buf_get_name(0):find('self-refine://' .. word, 1, true)
    end)
    t:equal(vim.bo.modifiable, false)
    vim.cmd('close')
    t:equal(vim.api.nvim_get_current_buf(), text)
  end
  local offered
  vim.ui.select = function(items, options)
    offered = vim.tbl_map(options.format_item, items)
  end
  vim.cmd('SelfRefine runs')
  t:equal(#offered, 1)
  t:equal(offered[1]:match('^memo%.md:3'), 'memo.md:3')
end)

case('the command completes its words, and names them when one is wrong', {}, function(t)
  t:open('memo.md', TEXT)
  t:equal(vim.fn.getcompletion('SelfRefine ke', 'cmdline'), { 'keep' })
  t:equal(vim.fn.getcompletion('SelfRefine keep ', 'cmdline'), { 'all' })
  local said
  vim.notify = function(words) said = words end
  vim.cmd('SelfRefine kepe')
  t:equal(said:match('there is no command "kepe"'), 'there is no command "kepe"')
  vim.cmd('SelfRefine keep')
  t:equal(said, 'self-refine: no change stands here to keep. :SelfRefine next goes to one.')
end)

case('doctor says which model answers', {}, function(t)
  t:open('memo.md', TEXT)
  local said = {}
  vim.notify = function(words) table.insert(said, words) end
  vim.cmd('SelfRefine doctor')
  t:wait('doctor answers', function() return #said == 2 end)
  t:equal(said[2]:match('127%.0%.0%.1'), '127.0.0.1')
end)

case('checkhealth finds the server', {}, function(t)
  t:open('memo.md', TEXT)
  vim.cmd('checkhealth self_refine')
  local page = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  t:equal(page:match('The server is attached to 1 buffers') ~= nil, true, page)
end)

return CASES
