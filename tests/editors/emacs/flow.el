;;; flow.el --- the main job in a real Emacs, with eglot  -*- lexical-binding: t; -*-

;; Owns what a user of Emacs does, in the memo of a workspace: SELF_REFINE_CASE names the case.
;; Whatever is waited for is a predicate with a deadline, and Emacs serves its processes meanwhile.

(require 'eglot)
(require 'cl-lib)
(require 'seq)

(defconst flow-text "Dear Ann,\n\n\U0001F600 Kindly note: we utilise the form.\nWe commence at ten.\n")
(defconst flow-refined "Dear Ann,\n\n\U0001F600 Please note: we use the form.\nWe begin at ten.\n")
(defconst flow-stock '("house/stock" "Kindly" eglot-warning))
(defconst flow-before
  '(("house/stock" "Kindly" eglot-warning)
    ("house/plain" "utilise" eglot-warning)
    ("house/plain" "commence" eglot-warning)))
(defconst flow-after
  '(("house/stock" "Please" eglot-note)
    ("house/plain" "use" eglot-note)
    ("house/plain" "begin" eglot-note)))
(defvar flow-progress nil "The progress values that came, newest first.")

(defun flow-seen ()
  "All that a person who mends a case wants to know."
  (format "text %S\nproblems %S\nprogress %S\nmessages %s" (buffer-string) (flow-problems)
          (reverse flow-progress) (with-current-buffer (messages-buffer) (buffer-string))))

(defun flow-wait (what predicate)
  "Wait until PREDICATE holds; WHAT says what that is.  Gives its value."
  (let ((deadline (+ (float-time) 40)) found)
    (while (not (setq found (funcall predicate)))
      (when (> (float-time) deadline)
        (error "Not within 40 s: %s\n%s" what (flow-seen)))
      (accept-process-output nil 0.05))
    found))

(defun flow-equal (got expected)
  "Check that GOT is EXPECTED."
  (unless (equal got expected)
    (error "Got %S\nexpected %S\n%s" got expected (flow-seen))))

(defun flow-problems ()
  "Id, words and kind of each diagnostic, in the order of the text."
  (mapcar (lambda (d)
            (list (flow-code d)
                  (buffer-substring-no-properties (flymake-diagnostic-beg d) (flymake-diagnostic-end d))
                  (flymake-diagnostic-type d)))
          (sort (flymake-diagnostics)
                (lambda (a b) (< (flymake-diagnostic-beg a) (flymake-diagnostic-beg b))))))

(defun flow-code (diagnostic)
  "The criterion's id of DIAGNOSTIC."
  (plist-get (alist-get 'eglot-lsp-diag (flymake-diagnostic-data diagnostic)) :code))

(defun flow-wait-problems (expected)
  "Wait until the diagnostics are EXPECTED."
  (flow-wait (format "problems %S" expected) (lambda () (equal (flow-problems) expected))))

(defun flow-wait-text (text)
  "Wait until the buffer holds TEXT."
  (flow-wait (format "text %S" text) (lambda () (equal (buffer-string) text))))

(defun flow-choose (title words)
  "Carry out the action whose title begins with TITLE, at WORDS; nil stands for the whole text."
  (let* ((at (if words (save-excursion (goto-char (point-min)) (search-forward words)
                                       (cons (match-beginning 0) (match-end 0)))
               (cons (point-min) (point-max))))
         (action (flow-wait (concat "action " title)
                            (lambda ()
                              (seq-find (lambda (a) (string-prefix-p title (plist-get a :title)))
                                        (eglot-code-actions (car at) (cdr at)))))))
    (eglot-execute (eglot-current-server) action)))

(defun flow-wait-end ()
  "Wait for the end of a run's progress; gives its last message."
  (let ((end (flow-wait "the progress has ended"
                        (lambda () (seq-find (lambda (v) (equal (plist-get v :kind) "end")) flow-progress)))))
    (flow-equal (seq-count (lambda (v) (equal (plist-get v :kind) "end")) flow-progress) 1)
    (flow-equal (seq-count (lambda (v) (equal (plist-get v :kind) "begin")) flow-progress) 1)
    (setq flow-progress nil)
    (plist-get end :message)))

(defun flow-main ()
  "Live checks, the action on the whole text, one edit, hints, one undo."
  (flow-choose "Self-refine selection" nil)
  (flow-equal (flow-wait-end) "2 changes · 3 resolved · stopped: approved")
  (flow-equal (buffer-string) flow-refined)
  (flow-wait-problems flow-after)
  (undo-boundary) ; as the command loop makes one after each command
  (undo)
  (flow-equal (buffer-string) flow-text)
  (flow-wait-problems flow-before))

(defun flow-critique ()
  "A critique gives diagnostics with the criterion's id, and no edit."
  (let ((tick (buffer-chars-modified-tick)))
    (flow-choose "Critique selection" nil)
    (flow-wait-end)
    (flow-wait-problems flow-before)
    (flow-equal (buffer-chars-modified-tick) tick)))

(defun flow-cancel ()
  "A run is cancelled by the code action; the text is as it was."
  (flow-choose "Self-refine selection" nil)
  (flow-wait "the model is asked"
             (lambda () (seq-find (lambda (v) (string-search "critique" (or (plist-get v :message) "")))
                                  flow-progress)))
  (flow-choose "Cancel self-refine" "note")
  (flow-equal (flow-wait-end) "cancelled (you cancelled it)")
  (flow-equal (buffer-string) flow-text))

(defun flow-revert ()
  "One change of three is reverted."
  (flow-choose "Self-refine selection" nil)
  (flow-wait-text flow-refined)
  (flow-choose "Revert this change" "begin")
  (flow-wait-text (string-replace "begin" "commence" flow-refined)))

(defun flow-fix ()
  "A finding of a check is fixed by its quick fix."
  (flow-choose "Replace 'Kindly' with 'Please'" "Kindly")
  (flow-wait-text (string-replace "Kindly" "Please" flow-text))
  (flow-wait-problems nil))

(defun flow-run ()
  "Open the memo, start the server as a user does, and carry out the case."
  (setq eglot-sync-connect 30)
  (define-derived-mode flow-memo-mode text-mode "Memo")
  (put 'flow-memo-mode 'eglot-language-id "markdown")
  (cl-defmethod eglot-handle-notification :before (_server (_method (eql $/progress)) &key value &allow-other-keys)
    (push value flow-progress))
  (find-file "memo.md")
  (flow-memo-mode)
  (buffer-enable-undo)
  (call-interactively #'eglot)
  ;; Eglot tells of changes once Emacs is idle, which Emacs never is in batch mode.
  (run-with-timer eglot-send-changes-idle-time eglot-send-changes-idle-time
                  #'eglot--signal-textDocument/didChange)
  (flow-wait "the server is here" #'eglot-managed-p)
  (flow-wait-problems (list flow-stock))
  (flow-equal flow-progress nil)
  (funcall (intern (concat "flow-" (getenv "SELF_REFINE_CASE"))))
  (set-buffer-modified-p nil)
  (eglot-shutdown (eglot-current-server)))

(condition-case problem
    (flow-run)
  (error (princ (error-message-string problem)) (kill-emacs 1)))

;;; flow.el ends here
