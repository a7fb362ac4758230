-- `:checkhealth self_refine`

local M = {}

function M.check()
  vim.health.start('self-refine')
  if vim.fn.has('nvim-0.11') == 0 then
    vim.health.error('Neovim 0.11 or later is needed.')
  else
    vim.health.ok('Neovim is new enough.')
  end
  local config = vim.lsp.config.self_refine
  local program = config and config.cmd and config.cmd[1] or 'self-refine'
  if vim.fn.executable(program) == 1 then
    local done = vim.system({ program, '--version' }, { text = true }):wait(10000)
    vim.health.ok(('%s: %s'):format(program, vim.trim(done.stdout or '')))
  else
    vim.health.error(('%s is not there.'):format(program), {
      'Install it: pipx install self-refine',
      "or name it: require('self_refine').setup({ cmd = { '/path/to/self-refine', 'serve' } })",
    })
  end
  if not vim.lsp.is_enabled('self_refine') then
    vim.health.warn('The server is not enabled.', { "Put vim.lsp.enable('self_refine') into your init.lua." })
  end
  local clients = vim.lsp.get_clients({ name = 'self_refine' })
  if #clients > 0 then
    vim.health.ok(('The server is attached to %d buffers.'):format(#vim.tbl_keys(clients[1].attached_buffers)))
  else
    vim.health.info('No buffer is attached now.')
  end
  vim.health.info(':SelfRefine doctor says which model would answer, and asks it one question.')
end

return M
