-- The server as `vim.lsp.enable('self_refine')` starts it; `vim.lsp.config` overrides any of it.

---@type vim.lsp.Config
return {
  cmd = { 'self-refine', 'serve' },
  cmd_cwd = vim.fn.stdpath('state'), -- not the workspace: nothing of it is run
  cmd_env = { PYTHONPATH = '', PYTHONSAFEPATH = '1' },
  filetypes = { 'markdown', 'text', 'mail', 'gitcommit', 'python', 'sql', 'json', 'yaml' },
  root_markers = { '.git', '.self-refine' },
  init_options = { extensions = true },
  handlers = {
    ['selfRefine/run'] = function(_, view)
      require('self_refine.runs').told(view)
    end,
  },
}
