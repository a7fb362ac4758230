-- The command, the maps that users may bind, and the colours. Nothing is bound unasked.

if vim.g.loaded_self_refine then
  return
end
vim.g.loaded_self_refine = true

vim.api.nvim_create_user_command('SelfRefine', function(given)
  require('self_refine.commands').run(given)
end, {
  nargs = '*',
  range = true,
  bang = true,
  desc = 'Judge and refine text by the criteria of the workspace',
  complete = function(lead, line)
    return require('self_refine.commands').complete(lead, line)
  end,
})

for name, words in pairs({
  ['refine'] = 'refine',
  ['critique'] = 'critique',
  ['keep'] = 'keep',
  ['revert'] = 'revert',
  ['next'] = 'next',
  ['previous'] = 'previous',
  ['keep-all'] = 'keep all',
  ['revert-all'] = 'revert all',
  ['accept'] = 'accept',
  ['discard'] = 'discard',
  ['diff'] = 'diff',
  ['why'] = 'why',
  ['cancel'] = 'cancel',
}) do
  local keys = ('<Plug>(self-refine-%s)'):format(name)
  vim.keymap.set('n', keys, ('<Cmd>SelfRefine %s<CR>'):format(words), { desc = 'self-refine: ' .. name })
end
for _, name in ipairs({ 'refine', 'critique' }) do
  local keys = ('<Plug>(self-refine-%s)'):format(name)
  vim.keymap.set('x', keys, (':SelfRefine %s<CR>'):format(name), { desc = 'self-refine: ' .. name })
end

require('self_refine.colours').define()
require('self_refine.progress').show()
vim.api.nvim_create_autocmd('ColorScheme', {
  group = vim.api.nvim_create_augroup('self_refine_colours', {}),
  callback = function()
    require('self_refine.colours').define()
  end,
})
