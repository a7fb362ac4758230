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
    ['selfRefine/act'] = function(_, params)
      require('self_refine.actions').act(params)
    end,
  },
  -- What code actions and lenses call: pages and questions are shown here, not by the server.
  commands = {
    ['selfRefine.review'] = function(command)
      require('self_refine.actions').review(command.arguments[1])
    end,
    ['selfRefine.explain'] = function(command)
      require('self_refine.actions').explain(command.arguments[1])
    end,
    ['selfRefine.showTrace'] = function(command)
      require('self_refine.actions').trace(command.arguments[1].runId)
    end,
  },
}
