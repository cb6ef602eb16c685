BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Test-Dag' {
    It 'writes nothing for a sound DAG, by position and from the pipeline' {
        $dag = New-Dag p { Add-DagNode a { 1 }; Add-DagNode b { param([int]$x) $x } -After a; Add-DagNode m -Map { $_ } -After a }
        Test-Dag $dag | Should -BeNullOrEmpty
        $dag | Test-Dag | Should -BeNullOrEmpty
        Test-Dag -Dag $dag | Should -BeNullOrEmpty
    }

    It 'writes one object for each problem, with severity, id, node and message' {
        $problems = @(New-Dag p {
                Add-DagNode a { 1 } -OutputType int; Add-DagNode b { 2 } -OutputType int
                Add-DagNode unclear { param([int]$n) $n } -After a, b
                Add-DagNode unfed { param([int]$n, [Parameter(Mandatory)][uri]$Url) $n } -After a
            } | Test-Dag)
        $problems.Count | Should -Be 2
        $problems.Node | Should -Be unclear, unfed
        $problems.ErrorId | ForEach-Object { "$_" } | Should -Be DagInputAmbiguous, DagInputMissing
        $problems.Severity | ForEach-Object { "$_" } | Should -Be Error, Error
        $problems[0].Message | Should -BeLike '*unclear*'
    }

    It 'names node, parameter and candidates of an ambiguous input' {
        $problem = New-Dag p { Add-DagNode first { 1 } -OutputType int; Add-DagNode second { 2 } -OutputType int; Add-DagNode third { param([int]$Number) $Number } -After first, second } | Test-Dag
        foreach ($name in 'third', 'Number', 'first', 'second') { $problem.Message | Should -BeLike "*$name*" }
    }

    It 'finds a cycle' {
        $dag = New-Dag p { Add-DagNode a { param($x) 1 }; Add-DagNode b { param($x) 1 } -After a }
        # A cycle is found when the edge is added, or here.
        $id = try { $dag | Connect-DagNode b a; "$(($dag | Test-Dag).ErrorId)" } catch { $_.FullyQualifiedErrorId }
        $id | Should -BeLike 'DagCycle*'
    }

    It 'finds what is wrong inside a sub-DAG' {
        $inner = New-Dag inner {
            Add-DagNode s { param($x) $x } -OutputType int
            Add-DagNode t { param([Parameter(Mandatory)][int]$n, [Parameter(Mandatory)][uri]$Url) $n } -After s
        }
        $problems = @(New-Dag p { Add-DagNode a { 1, 2 }; Add-DagNode m -Map $inner -After a } | Test-Dag)
        $problems.Count | Should -BeGreaterThan 0
        "$($problems[0].ErrorId)" | Should -Be DagInputMissing
    }

    It 'writes objects, not errors' {
        $problems = New-Dag p { Add-DagNode a { 1 } -OutputType int; Add-DagNode b { 2 } -OutputType int; Add-DagNode c { param([int]$n) $n } -After a, b } | Test-Dag -ErrorVariable errors
        $errors | Should -BeNullOrEmpty
        $problems | Should -Not -BeNullOrEmpty
    }

    It 'warns of a variable of the caller that a worker does not have' {
        $limit = 3
        $problem = New-Dag p { Add-DagNode a { Get-Date | Where-Object Day -GT $limit }; Add-DagNode b -After a { $using:limit } } | Test-Dag
        "$($problem.Severity) $($problem.Node)" | Should -Be 'Warning a'
        $problem.Message | Should -BeLike '*$using:limit*'
    }

    It 'does not warn of what every session has, and of what the node sets: <_>' -ForEach @(
        '$PSScriptRoot; $HOME; $PID; $PSVersionTable; $Error; $OFS; $ProgressPreference; $PROFILE; $StackTrace; $IsLinux; $PSStyle; $ErrorView'
        'Get-Date -OutVariable limit; Get-Item . -ev limit; $limit'
        'Invoke-RestMethod https://example.test -ResponseHeadersVariable limit; $limit'
        'Tee-Object -Variable limit -InputObject 1; $limit'
        '"a" -match "b"; $Matches'
    ) {
        $limit = 3
        $node = [scriptblock]::Create($_)
        New-Dag p { Add-DagNode a $node } | Test-Dag | Should -BeNullOrEmpty
    }

    It 'does not warn of any variable that a new session of pwsh has' {
        $names = & $PwshPath @PwshArguments -NoProfile -NonInteractive -Command '(Get-Variable | Where-Object Name -Match "^\w+$").Name'
        $names.Count | Should -BeGreaterThan 30
        $node = [scriptblock]::Create(($names | ForEach-Object { "`$$_" }) -join '; ')
        New-Dag p { Add-DagNode a $node } | Test-Dag | Should -BeNullOrEmpty
    }

    It 'takes several DAGs from the pipeline' {
        $bad = { Add-DagNode a { 1 } -OutputType int; Add-DagNode b { 2 } -OutputType int; Add-DagNode c { param([int]$n) $n } -After a, b }
        @((New-Dag one $bad), (New-Dag two { Add-DagNode x { 1 } }), (New-Dag three $bad) | Test-Dag).Count | Should -Be 2
    }

    It 'runs no node and makes no database' {
        $touched = Join-Path $TestDrive 'touched'
        New-Dag p { Add-DagNode a { New-Item $using:touched } } | Test-Dag | Should -BeNullOrEmpty
        $touched | Should -Not -Exist
        $env:LYTHONIC_DAG_DB | Should -Not -Exist
    }

    It 'warns of a closing node that cannot run after Ctrl+C, as it is inline, and of one that comes after none' {
        $problems = New-Dag p { Add-DagNode a { 1 }; Add-DagNode c { 1 } -After a -When Always -Inline; Add-DagNode f { 1 } -After a -When Failed -Inline; Add-DagNode n { 1 } -When Always } | Test-Dag
        $problems.Node | Should -Be c, n
        $problems.Severity | Should -Be Warning, Warning
        $problems[0].Message | Should -BeLike '*Ctrl+C*'
    }
}
